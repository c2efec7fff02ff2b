namespace SignalStreams.TestProgram;

/// <summary>Takes every thread of the pool, and gives them back.</summary>
internal sealed class Blocked : IDisposable
{
    private readonly ManualResetEventSlim _release = new();

    private Blocked()
    {
    }

    /// <summary>Returns when every thread that the pool may have is blocked.</summary>
    public static Blocked Pool()
    {
        var blocked = new Blocked();
        var threads = Environment.ProcessorCount;
        ThreadPool.SetMinThreads(threads, threads);
        if (!ThreadPool.SetMaxThreads(threads, threads))
        {
            throw new InvalidOperationException("The pool cannot be limited.");
        }

        using var taken = new CountdownEvent(threads);
        for (var i = 0; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                taken.Signal();
                blocked._release.Wait();
            }, null);
        }

        taken.Wait();
        return blocked;
    }

    public void Dispose() => _release.Set();
}
