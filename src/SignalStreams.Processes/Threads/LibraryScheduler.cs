namespace SignalStreams;

/// <summary>Runs what stops and supervises processes on threads of the library: a program whose thread pool hangs must still be able to stop its
/// children.</summary>
/// <remarks>
/// <para>It is what <see cref="LibraryTasks"/> continues on. Code of the library keeps a thread for milliseconds; code of the user (a progress, what
/// follows an <c>await</c>) may keep it for as long as it likes, and another takes over (<see cref="DeliveryThreads"/>). The threads end a second after the
/// last of it.</para>
/// <para>It never runs a continuation within the call that completes what it waited for, which may hold a lock.</para>
/// </remarks>
internal sealed class LibraryScheduler : TaskScheduler
{
    // A look at all processes takes some milliseconds, and is not to call another thread each time.
    private static readonly TimeSpan Stalled = TimeSpan.FromMilliseconds(20);

    private LibraryScheduler()
    {
    }

    public static LibraryScheduler Shared { get; } = new();

    /// <summary>The threads, for what is no task.</summary>
    public static DeliveryThreads Threads { get; } = new("SignalStreams processes", Stalled);

    /// <summary>Begins an asynchronous piece of work there.</summary>
    public static Task Run(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, Shared).Unwrap();

    protected override void QueueTask(Task task) => Threads.Enqueue(new Work(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class Work(LibraryScheduler scheduler, Task task) : IThreadPoolWorkItem
    {
        public void Execute() => scheduler.TryExecuteTask(task);
    }
}
