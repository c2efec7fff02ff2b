using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>Lets one loop wait for one piece of work elsewhere. Whoever comes second goes on in place: the thread pool, which may be starved, is not asked.</summary>
internal sealed class Handshake : ICriticalNotifyCompletion
{
    private static readonly Action Done = () => { };

    private Action? _continuation;

    public bool IsCompleted => Volatile.Read(ref _continuation) == Done;

    public Handshake GetAwaiter() => this;

    public void GetResult()
    {
    }

    // The compiler calls the unsafe one and restores the execution context itself.
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
        {
            continuation();
        }
    }

    /// <summary>The work is done. Further calls do nothing.</summary>
    public void Complete() => Interlocked.Exchange(ref _continuation, Done)?.Invoke();
}
