namespace SignalStreams;

/// <summary>How a <see cref="SignalReceiver"/> buffers and delivers.</summary>
public sealed record SignalReceiverOptions
{
    internal static SignalReceiverOptions Default { get; } = new();

    /// <summary>How many standard signals wait to be read, before repeats merge.</summary>
    /// <value>1 to 1,048,576; default 64. Each kind has one more place of its own, so that a kind never vanishes: when the buffer is full, a
    /// repeat merges into the earliest pending delivery of its kind, whose <see cref="SignalDelivery.Count"/> grows.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Capacity { get; init => field = InRange(value, nameof(Capacity)); } = 64;

    /// <summary>How many queued signals (real-time ones, and what was sent with a value) wait to be read, before further ones are lost.</summary>
    /// <value>1 to 1,048,576; default 65,536. They never merge, since each may carry a value; <see cref="SignalReceiver.Lost"/> counts those beyond.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int QueuedCapacity { get; init => field = InRange(value, nameof(QueuedCapacity)); } = 65_536;

    /// <summary>Whether a repeat always merges into the pending delivery of its kind, however much room there is.</summary>
    /// <value>Default false.</value>
    public bool Coalesce { get; init; }

    /// <summary>What becomes of a terminating signal that nobody has read when the last receiver for it closes.</summary>
    /// <value>Default <see cref="UnreadSignals.Redeliver"/>.</value>
    public UnreadSignals Unread { get; init; }

    /// <summary>Whether the code after an <c>await</c> runs on the thread pool instead of on the library's delivery thread.</summary>
    /// <value>Default false: it runs at once, also when the pool is starved. Code that blocks costs a delivery thread, and delays nobody else. With
    /// the portable source, signals other than SIGINT, SIGQUIT and SIGTERM come through the pool, and the code after the <c>await</c> may then run on
    /// the very thread that brought one; no more than one such thread is ever lent out.</value>
    public bool RunContinuationsAsynchronously { get; init; }

    /// <summary>Whether to listen also to signals that the process was started with as ignored.</summary>
    /// <value>Default false: what <c>nohup</c> or a shell's <c>&amp;</c> wants ignored stays ignored, and <see cref="SignalReceiver.Ignored"/> names it.
    /// Tested on Linux only; Windows has no such thing. SIGTERM is always listened to, since the runtime has replaced its ignore before anyone can see it.</value>
    public bool OverrideIgnored { get; init; }

    /// <summary>Whether other owners in this process (a <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/>) go on getting SIGUSR1,
    /// SIGUSR2, SIGALRM and real-time signals while this listens.</summary>
    /// <value>Default false: each copy costs the runtime a thread of its pool. All other signals reach them in any case, and with the portable source
    /// these do too. What comes while a copy is under way merges with the next one.</value>
    public bool ForwardToOthers { get; init; }

    private static int InRange(int value, string name)
    {
        const int Maximum = 1 << 20;
        return value is >= 1 and <= Maximum ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be between 1 and {Maximum}.");
    }
}
