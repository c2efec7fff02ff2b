namespace SignalStreams;

/// <summary>After which ends a process is started again.</summary>
public enum RestartWhen
{
    /// <summary>After none.</summary>
    Never,

    /// <summary>After a code other than 0, and after a signal.</summary>
    OnFailure,

    /// <summary>After each.</summary>
    Always,
}
