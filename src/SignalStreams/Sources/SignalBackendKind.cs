namespace SignalStreams;

/// <summary>A source of signals.</summary>
public enum SignalBackendKind
{
    /// <summary>Unix through <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/>: everywhere, but without the sender.</summary>
    Portable = 0,

    /// <summary>Unix through a signal handler of the library's own.</summary>
    Native,

    /// <summary>Windows: events of the console, messages to hidden windows, controls of a service.</summary>
    Windows,

    /// <summary>A test raises signals by hand.</summary>
    Test,
}
