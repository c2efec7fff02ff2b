namespace SignalStreams;

/// <summary>One listener's interest in one event, under the name that it asked for.</summary>
internal sealed class Subscription(SignalListener listener, ShutdownSignal @event, ShutdownSignal name)
{
    public SignalListener Listener { get; } = listener;

    public ShutdownSignal Event { get; } = @event;

    public ShutdownSignal Name { get; } = name;

    /// <summary>Whether other owners in the process are to have the event too, where that is a choice.</summary>
    public bool ForwardsToOthers { get; init; }

    public bool Escalates { get; } = listener.Escalates;

    /// <summary>Whether it respects that the process was started with the event ignored: nothing is copied to it, even if another listener overrides that.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The last sequence number before it entered the routes: it was given what came after. Under the router's gate.</summary>
    public long Since { get; set; }

    /// <summary>The least <see cref="Since"/> of those who stayed when it left; written under the router's gate as it leaves.</summary>
    public long OthersSince { get; set; } = long.MaxValue;

    /// <summary>Standard deliveries that the listener's buffer took in; written under the router's gate only.</summary>
    public int Written { get; set; }

    /// <summary>Those of them that were read; written under the buffer's gate only.</summary>
    public int Read { get; set; }

    /// <summary>The same of queued deliveries.</summary>
    public int QueuedWritten { get; set; }

    public int QueuedRead { get; set; }

    /// <summary>Repeats that merged into the earliest pending standard delivery, which is the next of this kind to be read; under the buffer's gate.</summary>
    public int Merged { get; set; }

    /// <summary>Whether somebody who stayed, when it left, was given that delivery too, and so answers for it.</summary>
    public bool IsLeftToOthers(in SignalDelivery delivery) => OthersSince < delivery.Sequence;
}
