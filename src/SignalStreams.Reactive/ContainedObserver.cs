using System.Reactive.Disposables;

#pragma warning disable CA1031 // Whatever an observer throws ends its own subscription and nothing else.

namespace SignalStreams;

/// <summary>Calls an observer that may throw: that ends its own subscription, is reported, and harms nobody else.</summary>
internal sealed class ContainedObserver<TSource, TResult>(IObserver<TResult> observer, Func<TSource, TResult> select, string surface) : IObserver<TSource>
{
    private bool _hasFailed;

    public SingleAssignmentDisposable Subscription { get; } = new();

    public void OnNext(TSource value) => Call(() => observer.OnNext(select(value)));

    public void OnError(Exception error) => Call(() => observer.OnError(error));

    public void OnCompleted() => Call(observer.OnCompleted);

    private void Call(Action action)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            action();
        }
        catch (Exception e)
        {
            _hasFailed = true;
            SignalStreamsEventSource.Log.ConsumerFailed(surface, e.ToString());
            Subscription.Dispose();
        }
    }
}
