namespace SignalStreams;

/// <summary>Runs a continuation within the call that completes what it waited for, also where the source of that asks for the pool.</summary>
/// <remarks>Only for code that takes no lock and calls nobody: what it runs may run under a lock.</remarks>
internal sealed class InPlaceScheduler : TaskScheduler
{
    private InPlaceScheduler()
    {
    }

    public static InPlaceScheduler Shared { get; } = new();

    protected override void QueueTask(Task task) => TryExecuteTask(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
