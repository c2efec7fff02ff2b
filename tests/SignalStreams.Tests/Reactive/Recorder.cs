using System.Threading.Channels;

namespace SignalStreams.Tests.Reactive;

/// <summary>An observer that a test can wait for, and that notices calls which overlap or come after the end.</summary>
internal sealed class Recorder<T>(Action<T>? onNext = null) : IObserver<T>
{
    private readonly Channel<(T Value, Thread Thread)> _seen = Channel.CreateUnbounded<(T, Thread)>();
    private readonly TaskCompletionSource<Thread> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private int _inside;
    private int _breaches;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How often the observer was called against the Rx grammar.</summary>
    public int Breaches => Volatile.Read(ref _breaches);

    public Exception? Error { get; private set; }

    public bool IsCompleted => _completed.Task.IsCompleted;

    public void OnNext(T value)
    {
        Enter();
        Interlocked.Increment(ref _count);
        _seen.Writer.TryWrite((value, Thread.CurrentThread));
        try
        {
            onNext?.Invoke(value);
        }
        finally
        {
            Leave();
        }
    }

    public void OnCompleted()
    {
        Enter();
        Leave();
        _completed.TrySetResult(Thread.CurrentThread);
    }

    public void OnError(Exception error)
    {
        Enter();
        Error = error;
        Leave();
    }

    public async Task<T> NextAsync() => (await NextWithThreadAsync()).Value;

    public async Task<(T Value, Thread Thread)> NextWithThreadAsync() =>
        await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).WithLimit();

    public async Task<List<T>> NextAsync(int count)
    {
        List<T> values = [];
        while (values.Count < count)
        {
            values.Add(await NextAsync());
        }

        return values;
    }

    public bool TryNext(out T? value)
    {
        var read = _seen.Reader.TryRead(out var seen);
        value = seen.Value;
        return read;
    }

    public Task<Thread> CompletionAsync() => _completed.Task.WithLimit();

    private void Enter()
    {
        if (Interlocked.Increment(ref _inside) != 1 || IsCompleted || Error is not null)
        {
            Interlocked.Increment(ref _breaches);
        }
    }

    private void Leave() => Interlocked.Decrement(ref _inside);
}
