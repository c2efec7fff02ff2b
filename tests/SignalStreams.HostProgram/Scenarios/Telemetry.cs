using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace SignalStreams.HostProgram.Scenarios;

/// <summary>A host that is traced by OpenTelemetry, whose batches would wait for an hour. With the argument "hang" a service never stops, with "exit" another library exits while the last batch is exported.</summary>
internal static class Telemetry
{
    private static readonly ManualResetEventSlim s_isExitHeld = new();

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddProvider(new ExitWatch());
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .AddSource("SignalStreams")
            .AddProcessor(new BatchActivityExportProcessor(new LineExporter(args.Contains("exit")), scheduledDelayMilliseconds: 3_600_000))
            .Build());
        if (args.Contains("hang"))
        {
            builder.Services.AddHostedService<Hanging>();
        }

        builder.UseSignalStreams(options => options.CheckBudget = false);
        var host = builder.Build();
        host.Services.GetRequiredService<TracerProvider>();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Line.Write("ready"));
        await host.RunAsync();
        return 0;
    }

    private sealed class LineExporter(bool exits) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            if (exits)
            {
                new Thread(() => Environment.Exit(0)).Start();
                s_isExitHeld.Wait(TimeSpan.FromSeconds(30));
            }

            foreach (var activity in batch)
            {
                Line.Write($"exported {activity.OperationName} because of {activity.GetTagItem("signalstreams.signal")}");
            }

            return ExportResult.Success;
        }
    }

    /// <summary>Sees the line of the log that says that an exit waits for the host.</summary>
    private sealed class ExitWatch : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "ExitHeld")
            {
                s_isExitHeld.Set();
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class Hanging : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Line.Write("hangs");
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}
