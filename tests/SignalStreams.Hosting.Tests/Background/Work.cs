namespace SignalStreams.Hosting.Tests.Background;

/// <summary>Background work that does as a test says.</summary>
internal sealed class Work(Func<CancellationToken, CancellationToken, Task> run) : GracefulBackgroundService
{
    public string Title { get; init; } = nameof(Work);

    public TimeSpan Grace { get; init; } = Timeout.InfiniteTimeSpan;

    public TimeSpan CleanUp { get; init; } = TimeSpan.FromSeconds(1);

    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Dropped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string Name => Title;

    public override TimeSpan GracePeriod => Grace;

    public override TimeSpan CleanUpTime => CleanUp;

    protected override async Task ExecuteAsync(CancellationToken stopToken, CancellationToken graceToken)
    {
        // Kept for good: the work may end for a callback that comes before these.
        _ = stopToken.Register(() => Asked.TrySetResult());
        _ = graceToken.Register(() => Dropped.TrySetResult());
        Begun.TrySetResult();
        await run(stopToken, graceToken);
    }
}
