namespace SignalStreams;

/// <summary>Keeps the first result of several attempts, and the errors of the others.</summary>
internal sealed class Race<T>
{
    private readonly Lock _gate = new();
    private readonly List<Exception> _errors = [];
    private T? _result;
    private bool _isWon;

    public bool IsWon
    {
        get
        {
            lock (_gate)
            {
                return _isWon;
            }
        }
    }

    public async Task RunAsync(Func<CancellationToken, Task<T>> attempt, TaskGroup group, CancellationToken cancellationToken)
    {
        T result;
        try
        {
            result = await attempt(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // An attempt that fails is out of the race, and no more.
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _errors.Add(e);
            }

            return;
        }

        if (!TryWin(result))
        {
            await DisposeAsync(result).ConfigureAwait(false);
            return;
        }

        group.Cancel("another attempt has won");
    }

    public T Result(CancellationToken cancellationToken)
    {
        if (_isWon)
        {
            return _result!;
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new AggregateException(_errors);
    }

    private static async ValueTask DisposeAsync(T result)
    {
        if (result is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        }
        else if (result is IDisposable disposable)
        {
            disposable.Dispose();
        }
    }

    private bool TryWin(T result)
    {
        lock (_gate)
        {
            if (_isWon)
            {
                return false;
            }

            (_isWon, _result) = (true, result);
            return true;
        }
    }
}
