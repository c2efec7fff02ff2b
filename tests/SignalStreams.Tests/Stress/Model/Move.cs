namespace SignalStreams.Tests.Stress.Model;

/// <summary>One thing that a program or the system does; the choices select among what is there.</summary>
public sealed record Move(MoveKind Kind, byte Which, byte Choice)
{
    private static readonly ShutdownSignal[] Signals = OperatingSystem.IsWindows()
        ? [SIGTERM, SIGHUP, User1, SIGBREAK, CTRL_LOGOFF_EVENT]
        : [SIGTERM, SIGHUP, User1, SIGWINCH, (ShutdownSignal)40];

    public ShutdownSignal Signal => Signals[Choice % Signals.Length];

    /// <summary>One, two or three signals.</summary>
    public ShutdownSignal[] SignalSet => [.. Enumerable.Range(Choice, 1 + (Which % 3)).Select(i => Signals[i % Signals.Length]).Distinct()];

    public SignalReceiverOptions Options => new()
    {
        Capacity = 1 + (Choice % 3),
        QueuedCapacity = 1 + (Which % 2),
        Coalesce = Choice % 4 == 3,
        Unread = Which % 4 == 3 ? UnreadSignals.Drop : UnreadSignals.Redeliver,
        RunContinuationsAsynchronously = Choice % 8 == 5,
    };

    public T? Of<T>(IReadOnlyList<T> list)
        where T : class => list.Count == 0 ? null : list[Which % list.Count];
}
