namespace SignalStreams;

/// <summary>What may be done with a signal on a platform.</summary>
internal enum SignalRule
{
    /// <summary>Listen to it and send it.</summary>
    Listen,

    /// <summary>Send it only: the kernel lets nobody catch it, or the runtime ignores it in every process.</summary>
    SendOnly,

    /// <summary>The runtime or the C library lives on it.</summary>
    OwnedByRuntime,

    /// <summary>Another platform has it.</summary>
    NotOnThisPlatform,

    /// <summary>No platform has it.</summary>
    NoSignal,
}
