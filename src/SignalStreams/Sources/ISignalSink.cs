namespace SignalStreams;

/// <summary>Where a source puts what arrives: the floor above, as seen from below.</summary>
internal interface ISignalSink
{
    /// <summary>Copies a signal into the buffer of everybody who listens. Runs no user code and waits for nobody.</summary>
    /// <param name="arrival">What arrived.</param>
    /// <param name="wake">The one listener that is left to be woken, if any: the source calls its <see cref="SignalListener.WakeUp"/>
    /// on a thread that user code may keep, or gives it to <see cref="WakeLater"/>. Further ones are on their way already.</param>
    /// <returns>Whether anyone was listening; when not, the operating system's default is due.</returns>
    bool Record(in SignalArrival arrival, out SignalListener? wake);

    /// <summary>Wakes a listener on a thread of the library.</summary>
    void WakeLater(SignalListener listener);

    /// <summary>Blocks until everybody who was given the event is done with it, or the limit has passed.</summary>
    /// <returns>False when the limit passed first.</returns>
    bool WaitUntilHandled(ShutdownSignal @event, TimeSpan limit);
}
