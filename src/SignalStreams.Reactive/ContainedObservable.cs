using System.Reactive.Disposables;

#pragma warning disable CA1031 // Whatever an observer throws ends its own subscription and nothing else.

namespace SignalStreams;

/// <summary>An observable whose observers may throw: each ends its own subscription only, and is reported.</summary>
internal sealed class ContainedObservable<T>(IObservable<T> source, string surface) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var contained = new ContainedObserver(observer, surface);
        contained.Subscription.Disposable = source.Subscribe(contained);
        return contained.Subscription;
    }

    private sealed class ContainedObserver(IObserver<T> observer, string surface) : IObserver<T>
    {
        public SingleAssignmentDisposable Subscription { get; } = new();

        public void OnNext(T value) => Call(() => observer.OnNext(value));

        public void OnError(Exception error) => Call(() => observer.OnError(error));

        public void OnCompleted() => Call(observer.OnCompleted);

        private void Call(Action action)
        {
            if (Subscription.IsDisposed)
            {
                return;
            }

            try
            {
                action();
            }
            catch (Exception e)
            {
                SignalStreamsEventSource.Log.ConsumerFailed(surface, e.ToString());
                Subscription.Dispose();
            }
        }
    }
}
