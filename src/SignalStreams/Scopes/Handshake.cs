namespace SignalStreams;

/// <summary>What a child and the one who started it agree on: the child says, once, that it has started.</summary>
internal sealed class Handshake<T>
{
    private readonly TaskCompletionSource<T> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isSaid;

    public Task<T> Started => _started.Task;

    /// <exception cref="InvalidOperationException">The child has said so before, or has ended.</exception>
    public void Say(T value)
    {
        if (Interlocked.Exchange(ref _isSaid, 1) != 0)
        {
            throw new InvalidOperationException("The child has said before that it has started, or has ended. Say it once.");
        }

        _started.SetResult(value);
    }

    /// <summary>The child has ended.</summary>
    /// <returns>Whether it did so before it said that it had started: then its error belongs to the one who waits for that.</returns>
    public bool End(ChildTask child)
    {
        if (Interlocked.Exchange(ref _isSaid, 1) != 0)
        {
            return false;
        }

        // A cancellation too is set as the exception that it is: the caller's await makes a cancellation of it, and nothing of it is lost.
        _started.SetException(child.Error()
            ?? (child.IsCancellationRequested ? new OperationCanceledException("The child was cancelled before it had started.", child.Token)
            : new InvalidOperationException("The child has ended without saying that it had started.")));
        return true;
    }
}
