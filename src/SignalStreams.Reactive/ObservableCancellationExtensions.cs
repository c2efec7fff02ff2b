namespace SignalStreams;

/// <summary>The way back from an observable to a token.</summary>
public static class ObservableCancellationExtensions
{
    /// <summary>Makes a cancellation source that the first element of an observable cancels.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>It subscribes at the call and stays subscribed until it is disposed: a second signal does not fall back to the system's default
    /// while the first one is being dealt with. Unlike <see cref="SignalHub.CancelOn(ShutdownSignal[])"/> it does not escalate.</item>
    /// <item>An observable that completes without an element does not cancel.</item>
    /// <item>An error that comes later cancels, since no element can come any more, and is reported by the event source "SignalStreams".</item>
    /// <item>Callbacks of the token run on the thread that the element comes on. One that throws is reported and harms nobody.</item>
    /// </list>
    /// </remarks>
    /// <example>
    /// The second Ctrl-C within two seconds cancels:
    /// <code>
    /// using var cts = Signals.Observe(SIGINT)
    ///     .Timestamp().Buffer(2, 1)
    ///     .Where(pair => pair is [var a, var b] &amp;&amp; b.Timestamp - a.Timestamp &lt; TimeSpan.FromSeconds(2))
    ///     .ToCancellationTokenSource();
    /// await app.RunAsync(cts.Token);
    /// </code>
    /// </example>
    /// <param name="source">The observable.</param>
    /// <returns>The source; keep it in a <c>using</c>. Disposing it ends the subscription.</returns>
    /// <exception cref="Exception">Whatever the observable reports by OnError in the course of the call, such as a signal that cannot be claimed.</exception>
    public static CancellationTokenSource ToCancellationTokenSource<T>(this IObservable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var cancellation = new ObservableCancellationTokenSource<T>();
        try
        {
            cancellation.SubscribeTo(source);
            return cancellation;
        }
        catch
        {
            cancellation.Dispose();
            throw;
        }
    }
}
