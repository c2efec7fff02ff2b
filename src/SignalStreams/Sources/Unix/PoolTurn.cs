namespace SignalStreams;

/// <summary>Wakes a listener on the thread of the pool that the runtime has just delivered its signal on, one listener at a time.</summary>
/// <remarks>User code may keep the thread for ever. The pool has few and makes new ones slowly (one in half a second), and the runtime needs one for
/// the next signal: so no more than one is ever lent out, and who comes while it is goes to the library's own threads.</remarks>
internal sealed class PoolTurn : IThreadPoolWorkItem
{
    private SignalListener? _listener;
    private int _isLent;

    /// <returns>False when user code has such a thread already.</returns>
    public bool TryWake(SignalListener listener)
    {
        if (Interlocked.Exchange(ref _isLent, 1) != 0)
        {
            return false;
        }

        _listener = listener;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return true;
    }

    public void Execute()
    {
        var listener = _listener!;
        _listener = null;
        listener.Execute();
        Volatile.Write(ref _isLent, 0);
    }
}
