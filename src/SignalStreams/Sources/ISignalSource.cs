namespace SignalStreams;

/// <summary>The one thing that knows how signals reach the process; everything above it is the same on every platform.</summary>
internal interface ISignalSource
{
    /// <summary>What serves, for people.</summary>
    SignalBackend Backend { get; }

    /// <summary>The events of the platform that a signal's name stands for; on Unix the signal itself.</summary>
    /// <remarks>An event is named by a signal too, by the same one for all of its names.</remarks>
    ShutdownSignal[] EventsOf(ShutdownSignal signal);

    /// <summary>Takes an event from the operating system and sends each arrival to the sink, until the claim is disposed.</summary>
    /// <remarks>The hub claims an event at most once at a time and never calls from two threads at once.</remarks>
    ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink);

    /// <summary>Blocks the calling thread until a task has ended, however it ends. The source may serve on it meanwhile.</summary>
    void ServeUntil(Task end) => end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();

    /// <summary>Tells what protected blocks are at work on, for a system that shows it to a user who is about to end the session; null for nothing.</summary>
    /// <remarks>Called under the manager's gate: it does not wait.</remarks>
    void ShowWork(string? work)
    {
    }

    /// <summary>Sends a signal to the own process.</summary>
    void Raise(ShutdownSignal signal);

    /// <summary>Sends a signal with a value to the own process.</summary>
    void Raise(ShutdownSignal signal, int value) => throw new PlatformNotSupportedException("Signals with a value are those of Linux: sigqueue(3).");
}
