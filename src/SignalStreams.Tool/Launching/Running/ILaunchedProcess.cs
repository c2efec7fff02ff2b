namespace SignalStreams.Tool;

/// <summary>A task's process, as far as a launch needs it: <see cref="SupervisedProcess"/>, or what a test puts in its place.</summary>
internal interface ILaunchedProcess : IAsyncDisposable
{
    int Id { get; }

    int Restarts { get; }

    Task<ProcessExitStatus> Completion { get; }

    IAsyncEnumerable<OutputLine> ReadLinesAsync();

    IAsyncEnumerable<SupervisedProcessEvent> ReadEventsAsync();

    Task<StopOutcome> StopAsync(StopPlan plan, IProgress<StopStep> progress, CancellationToken cancellationToken);

    void Kill();
}
