using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace SignalStreams.Tests.Reactive;

/// <summary>A scheduler that does what it was given when a test says so, one piece at a time, even what was disposed meanwhile.</summary>
internal sealed class HandScheduler : IScheduler
{
    private readonly ConcurrentQueue<Action> _work = new();

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    public bool HasWork => !_work.IsEmpty;

    public Task WaitForWorkAsync() => Patience.UntilAsync(() => HasWork, "work for the scheduler");

    public void RunOne()
    {
        Assert.True(_work.TryDequeue(out var work));
        work();
    }

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        _work.Enqueue(() => action(this, state));
        return Disposable.Empty;
    }

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) => Schedule(state, action);

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => Schedule(state, action);
}
