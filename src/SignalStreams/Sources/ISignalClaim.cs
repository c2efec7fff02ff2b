namespace SignalStreams;

/// <summary>A source's hold on one event of the operating system; disposing it gives the event back.</summary>
internal interface ISignalClaim : IDisposable
{
    /// <summary>True when the process was started with the signal ignored: it never arrives, unless that is overridden.</summary>
    bool IsIgnored { get; }

    /// <summary>Ends the inherited ignore, or lets it be in force again.</summary>
    void OverrideIgnored(bool isOverridden);

    /// <summary>Lets other owners in the process have the signal too, where the source keeps it from them otherwise.</summary>
    void ForwardToOthers(bool isForwarded)
    {
    }
}
