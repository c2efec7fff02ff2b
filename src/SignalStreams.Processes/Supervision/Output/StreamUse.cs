namespace SignalStreams;

/// <summary>How a captured stream is read.</summary>
internal enum StreamUse
{
    /// <summary>It goes where that of this process goes.</summary>
    Inherited,

    /// <summary>Nobody has asked for it yet.</summary>
    Undecided,

    /// <summary>As lines.</summary>
    Lines,

    /// <summary>As bytes, by the caller.</summary>
    Raw,
}
