namespace SignalStreams;

/// <summary>One process, told from any later one that is given the same id.</summary>
/// <remarks>Two are equal when id and start time are. The name is what it was called when it was looked at: on Linux fifteen bytes at most
/// (proc_pid_comm(5)).</remarks>
public readonly record struct ProcessIdentity
{
    /// <summary>The process id.</summary>
    public required int Id { get; init; }

    /// <summary>When it started, in units of the system's own: ticks since boot on Linux, a file time on Windows; 0 where that is not known.</summary>
    public long StartTime { get; init; }

    /// <summary>What it was called; null where that is not known.</summary>
    public string? Name { get; init; }

    /// <summary>Whether both are the same process.</summary>
    public bool Equals(ProcessIdentity other) => Id == other.Id && StartTime == other.StartTime;

    /// <summary>A hash of id and start time.</summary>
    public override int GetHashCode() => HashCode.Combine(Id, StartTime);

    /// <summary>"1234 (bash)".</summary>
    public override string ToString() => Name is null ? FormattableString.Invariant($"{Id}") : FormattableString.Invariant($"{Id} ({Name})");
}
