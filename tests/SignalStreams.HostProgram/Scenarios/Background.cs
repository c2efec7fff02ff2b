using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.HostProgram.Scenarios;

/// <summary>Two workers in the middle of an item: one finishes it when it is asked to stop, the other one ignores that (argument "stubborn") and everything else.</summary>
/// <remarks>A listener prints each span as it ends, and the log of the host tells when that is.</remarks>
internal static class Background
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SignalStreams",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Line.Write($"span {activity.OperationName} {activity.Status}"),
        };
        ActivitySource.AddActivityListener(listener);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddHostedService<Finisher>();
        if (args.Contains("stubborn"))
        {
            builder.Services.AddHostedService<Stubborn>();
        }

        builder.UseSignalStreams(options => options.CheckBudget = false);
        using var host = builder.Build();
        await host.StartAsync();
        await Task.WhenAll(host.Services.GetServices<IHostedService>().OfType<Worker>().Select(worker => worker.Begun));
        Line.Write("ready");
        await host.WaitForShutdownAsync();
        Line.Write("main returns");
        return 0;
    }

    private abstract class Worker : GracefulBackgroundService
    {
        protected TaskCompletionSource HasBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => HasBegun.Task;
    }

    private sealed class Finisher : Worker
    {
        public override TimeSpan GracePeriod => TimeSpan.FromSeconds(20);

        protected override async Task ExecuteAsync(CancellationToken stopToken, CancellationToken graceToken)
        {
            HasBegun.SetResult();
            await Task.Delay(Timeout.Infinite, stopToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Line.Write("item goes on");
            await Task.Delay(200, graceToken);
            Line.Write("item is finished");
        }
    }

    private sealed class Stubborn : Worker
    {
        public override string Name => "stubborn worker";

        public override TimeSpan GracePeriod => TimeSpan.FromMilliseconds(300);

        public override TimeSpan CleanUpTime => TimeSpan.FromMilliseconds(200);

        protected override Task ExecuteAsync(CancellationToken stopToken, CancellationToken graceToken)
        {
            HasBegun.SetResult();
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}
