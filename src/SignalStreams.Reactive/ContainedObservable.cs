namespace SignalStreams;

/// <summary>An observable whose observers may throw.</summary>
internal sealed class ContainedObservable<TSource, TResult>(IObservable<TSource> source, Func<TSource, TResult> select, string surface) : IObservable<TResult>
{
    public IDisposable Subscribe(IObserver<TResult> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var contained = new ContainedObserver<TSource, TResult>(observer, select, surface);
        contained.Subscription.Disposable = source.Subscribe(contained);
        return contained.Subscription;
    }
}
