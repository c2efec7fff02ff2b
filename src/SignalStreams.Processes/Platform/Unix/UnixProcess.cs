namespace SignalStreams;

/// <summary>A process as the system's table shows it.</summary>
internal readonly record struct UnixProcess
{
    public required ProcessIdentity Identity { get; init; }

    /// <summary>Its parent; 0 where that is not known, or it has none.</summary>
    public int Parent { get; init; }

    public int Group { get; init; }

    public int Session { get; init; }

    /// <summary>Whether it has ended and waits to be reaped.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Whether it is stopped (SIGSTOP, SIGTSTP), not counting a debugger's stop.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Whether it runs or sleeps, and may be about to have a child; one that is stopped, traced or dead is not. False where that is not known.</summary>
    public bool IsMoving { get; init; }

    public int Id => Identity.Id;
}
