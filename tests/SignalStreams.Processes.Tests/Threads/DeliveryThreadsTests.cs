namespace SignalStreams.Processes.Tests;

public sealed class DeliveryThreadsTests
{
    private static readonly TimeSpan Stalled = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Where_no_thread_is_to_be_had_the_work_is_done_all_the_same()
    {
        var threads = new DeliveryThreads("test", Stalled, static _ => throw new InsufficientMemoryException("thrown by a test"));
        for (var i = 0; i < 3; i++)
        {
            var work = new Work();
            threads.Enqueue(work);
            await work.Done.WaitAsync(TestChild.Limit);
        }

        Assert.Equal(0, threads.Count);
    }

    [Fact]
    public async Task Work_that_does_not_return_delays_no_other_where_no_thread_is_to_be_had()
    {
        var threads = new DeliveryThreads("test", Stalled, static _ => throw new InsufficientMemoryException("thrown by a test"));
        using var release = new ManualResetEventSlim();
        var held = new Work(release);
        var free = new Work();
        try
        {
            threads.Enqueue(held);
            threads.Enqueue(free);
            await free.Done.WaitAsync(TestChild.Limit);
        }
        finally
        {
            release.Set();
        }

        await held.Done.WaitAsync(TestChild.Limit);
    }

    [Fact]
    public async Task Threads_serve_again_once_they_are_to_be_had()
    {
        var isRefused = true;
        var threads = new DeliveryThreads("test", Stalled, thread =>
        {
            if (Volatile.Read(ref isRefused))
            {
                throw new InsufficientMemoryException("thrown by a test");
            }

            thread.UnsafeStart();
        });
        var first = new Work();
        threads.Enqueue(first);
        await first.Done.WaitAsync(TestChild.Limit);
        Volatile.Write(ref isRefused, false);
        var second = new Work();
        threads.Enqueue(second);
        await second.Done.WaitAsync(TestChild.Limit);
        Assert.Equal("test", second.ThreadName);
        await Until.TrueAsync(() => threads.Count == 0, "the thread should leave");
    }

    private sealed class Work(ManualResetEventSlim? release = null) : IThreadPoolWorkItem
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public string? ThreadName { get; private set; }

        public void Execute()
        {
            ThreadName = Thread.CurrentThread.Name;
            release?.Wait(TestChild.Limit);
            _done.SetResult();
        }
    }
}
