namespace SignalStreams.Processes.Tests;

/// <summary>A stop over a scope and a clock that the test moves.</summary>
// CA1001: there is nothing in the source that would have to be given back.
#pragma warning disable CA1001
internal sealed class EngineRun
#pragma warning restore CA1001
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _cancellation = new();

    public EngineRun(IStopScope scope, StopPlan plan, IProgress<StopStep>? progress = null)
    {
        Engine = new StopEngine(scope, plan, Time);
        if (progress is not null)
        {
            Engine.Tell(progress);
        }

        Task = Engine.RunAsync(_cancellation.Token);
    }

    public ManualTime Time { get; } = new();

    public StopEngine Engine { get; }

    public Task<StopOutcome> Task { get; }

    public static IProgress<StopStep> Collect(List<StopStep> steps) => new Collector(steps);

    /// <summary>Moves the clock, and waits after each tick until the engine waits again.</summary>
    public async Task AdvanceAsync(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= Tick)
        {
            await WaitingAsync();
            Time.Advance(Tick);
        }

        await WaitingAsync();
    }

    /// <summary>Waits until the engine waits, or is done.</summary>
    public Task WaitingAsync() => Until.TrueAsync(() => Time.Timers > 0 || Task.IsCompleted, "the engine should wait");

    public Task<StopOutcome> OutcomeAsync() => Task.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);

    public void Cancel() => _cancellation.Cancel();

    private sealed class Collector(List<StopStep> steps) : IProgress<StopStep>
    {
        public void Report(StopStep value) => steps.Add(value);
    }
}
