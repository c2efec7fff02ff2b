namespace SignalStreams;

/// <summary>A source of signals.</summary>
public enum SignalBackendKind
{
    /// <summary>Unix through <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/>: everywhere, but without the sender.</summary>
    Portable = 0,

    /// <summary>Unix through a signal handler of the library's own.</summary>
    Native,

    /// <summary>Windows console events.</summary>
    Windows,

    /// <summary>A test raises signals by hand.</summary>
    Test,
}
