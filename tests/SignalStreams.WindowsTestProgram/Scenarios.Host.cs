using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.WindowsTestProgram;

/// <content>A Generic Host.</content>
internal static partial class Scenarios
{
    /// <summary>work: a host whose service works that long when it is stopped.</summary>
    public static Task<int> Host(string[] args) => RunHostAsync(() => Work(args, 0));

    /// <summary>work: that host, beside somebody who exits at a key; it works on from then.</summary>
    public static async Task<int> HostWithRival(string[] args)
    {
        var exit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => exit.TrySetResult();
        Console.CancelKeyPress += (_, _) => Environment.Exit(9);
        await RunHostAsync(async () =>
        {
            await exit.Task;
            await Work(args, 0);
        });

        // The later of two exits decides the code, so this one does not come.
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    /// <summary>file: that host as a service of Windows, whose own service works until it is told to end.</summary>
    public static Task<int> HostService(string[] args)
    {
        Output.OpenFile(args[0]);
        return RunHostAsync(() => ToldAsync(args[0], "end"));
    }

    private static async Task<int> RunHostAsync(Func<Task> work)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new LogOutput());
        builder.UseSignalStreams();
        builder.Services.AddHostedService(_ => new Worker(work));
        using (var host = builder.Build())
        {
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Output.Line("ready"));
            await host.RunAsync();
        }

        Output.Line("host is gone");
        return 7;
    }

    private sealed class Worker(Func<Task> work) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            Output.Line("stopping");
            await work();
            Output.Line("worked");
        }
    }

    private sealed class LogOutput : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{logLevel} {formatter(state, exception)}"));

        public void Dispose()
        {
        }
    }
}
