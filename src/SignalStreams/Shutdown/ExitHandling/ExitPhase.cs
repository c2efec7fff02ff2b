namespace SignalStreams;

/// <summary>A named part of the clean-up. Phases run one after the other, by their order.</summary>
/// <remarks>Handlers that name no phase are in <see cref="Default"/>. A phase exists by being used: <c>new ExitPhase("drain", -10)</c>.</remarks>
/// <param name="Name">What the timeline calls it.</param>
/// <param name="Order">The phase with the lowest runs first; that of <see cref="Default"/> is 0. Those of one order run by name.</param>
/// <param name="TimeLimit">How long all of its handlers together may take, more than zero; null for no limit but <see cref="ShutdownOptions.CleanUpTime"/>.
/// When it has passed, the handler that runs is given up, and those of the phase that have not begun are skipped.</param>
public sealed record ExitPhase(string Name, int Order, TimeSpan? TimeLimit = null) : IComparable<ExitPhase>
{
    /// <summary>The phase of handlers that name none: "exit", of order 0, without a limit.</summary>
    public static ExitPhase Default { get; } = new("exit", 0);

    /// <summary>Orders phases as they run.</summary>
    public int CompareTo(ExitPhase? other) => other is null ? 1
        : Order != other.Order ? Order.CompareTo(other.Order)
        : string.CompareOrdinal(Name, other.Name);

    /// <summary>Whether one runs before another.</summary>
    public static bool operator <(ExitPhase left, ExitPhase right) => Compare(left, right) < 0;

    /// <summary>Whether one runs after another.</summary>
    public static bool operator >(ExitPhase left, ExitPhase right) => Compare(left, right) > 0;

    /// <summary>Whether one does not run after another.</summary>
    public static bool operator <=(ExitPhase left, ExitPhase right) => Compare(left, right) <= 0;

    /// <summary>Whether one does not run before another.</summary>
    public static bool operator >=(ExitPhase left, ExitPhase right) => Compare(left, right) >= 0;

    private static int Compare(ExitPhase? left, ExitPhase? right) => Comparer<ExitPhase?>.Default.Compare(left, right);
}
