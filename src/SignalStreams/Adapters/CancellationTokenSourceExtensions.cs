namespace SignalStreams;

/// <summary>Lets signals cancel a source that exists already.</summary>
public static class CancellationTokenSourceExtensions
{
    /// <summary>Cancels the source at the first signal that asks the process to end.</summary>
    /// <inheritdoc cref="CancelOn(CancellationTokenSource, ShutdownSignal[])"/>
    public static IDisposable CancelOn(this CancellationTokenSource source) => Signals.Hub.CancelOn(source);

    /// <summary>Cancels the source at the first of the given signals.</summary>
    /// <returns>The link. Disposing it gives the signals back; the source lives on.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public static IDisposable CancelOn(this CancellationTokenSource source, params ShutdownSignal[] signals) => Signals.Hub.CancelOn(source, signals);

    /// <inheritdoc cref="CancelOn(CancellationTokenSource, ShutdownSignal[])"/>
    public static IDisposable CancelOn(this CancellationTokenSource source, IEnumerable<ShutdownSignal> signals) => Signals.Hub.CancelOn(source, signals);

    /// <inheritdoc cref="CancelOn(CancellationTokenSource, ShutdownSignal[])"/>
    public static IDisposable CancelOn(this CancellationTokenSource source, SignalListenOptions options, IEnumerable<ShutdownSignal> signals) =>
        Signals.Hub.CancelOn(source, options, signals);
}
