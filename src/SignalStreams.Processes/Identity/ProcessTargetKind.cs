namespace SignalStreams;

/// <summary>What a <see cref="ProcessTarget"/> is.</summary>
public enum ProcessTargetKind
{
    /// <summary>One process.</summary>
    Process,

    /// <summary>A process group.</summary>
    Group,

    /// <summary>A process and its descendants.</summary>
    Tree,
}
