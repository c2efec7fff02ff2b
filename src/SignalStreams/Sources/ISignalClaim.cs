namespace SignalStreams;

/// <summary>A source's hold on one event of the operating system; disposing it gives the event back.</summary>
internal interface ISignalClaim : IDisposable
{
    /// <summary>True when the process was started with the signal ignored and it still is, so that it never arrives.</summary>
    bool IsIgnored { get; }

    /// <summary>Ends the inherited ignore for as long as the claim lasts.</summary>
    void OverrideIgnored();
}
