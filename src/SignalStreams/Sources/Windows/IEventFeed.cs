namespace SignalStreams;

/// <summary>One of the ways by which events of Windows reach a process. It brings what arrives to <see cref="EventArrivals"/>.</summary>
/// <remarks>Claims of one event come one at a time, as those of the source do; nothing here waits for user code.</remarks>
internal interface IEventFeed
{
    /// <summary>What it does, for people.</summary>
    string Name { get; }

    /// <summary>Whether the event may come this way.</summary>
    bool Serves(ShutdownSignal @event);

    /// <summary>From now on somebody listens to the event.</summary>
    void Claim(ShutdownSignal @event);

    /// <summary>Nobody listens to the event any more.</summary>
    void Release(ShutdownSignal @event)
    {
    }

    /// <summary>Tells whoever is about to end the session what the process is busy with; null for nothing.</summary>
    void ShowWork(string? work)
    {
    }
}
