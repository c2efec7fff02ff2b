namespace SignalStreams;

/// <summary>Lets a receiver that is open already be observed.</summary>
public static class SignalReceiverObservableExtensions
{
    /// <summary>The receiver's signals as an observable that its subscribers share.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>Every subscriber sees every signal that is read while it is subscribed; all calls of this method for one receiver share as well.</item>
    /// <item>Reading starts with the first subscriber and pauses when none is left. What arrives meanwhile waits in the receiver.</item>
    /// <item>What waits in the receiver already comes to the first subscriber in the course of its Subscribe; all else on a delivery thread of the
    /// library, or, when the signal came through the thread pool, perhaps on the thread that brought it. The subscribers are called in turn: one that blocks delays the others. One that throws is
    /// reported and ends its own subscription only. Who must not wait for others takes <c>Observe</c>, which gives each subscriber a receiver of its own.</item>
    /// <item>It completes when the receiver is closed, or when the token is cancelled that the receiver was opened with.</item>
    /// <item>It does not own the receiver: whoever opened it disposes it.</item>
    /// <item>Who reads the receiver by other means at the same time takes signals away from all subscribers.</item>
    /// </list>
    /// </remarks>
    /// <example>
    /// <code>
    /// await using var receiver = Signals.OpenSignalReceiver(SIGHUP);   // from here on nothing is missed
    /// var configuration = await LoadAsync();
    /// using var subscription = receiver.ToObservable().Subscribe(_ => configuration.Reload());
    /// </code>
    /// </example>
    public static IObservable<ShutdownSignal> ToObservable(this SignalReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return new SharedReceiverObservable<ShutdownSignal>(SharedReceiver.Of(receiver), static delivery => delivery.Signal, nameof(ToObservable));
    }

    /// <summary>The receiver's deliveries, each with all that is known of it, as an observable that its subscribers share.</summary>
    /// <inheritdoc cref="ToObservable(SignalReceiver)"/>
    public static IObservable<SignalDelivery> ToDeliveryObservable(this SignalReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return new SharedReceiverObservable<SignalDelivery>(SharedReceiver.Of(receiver), static delivery => delivery, nameof(ToDeliveryObservable));
    }
}
