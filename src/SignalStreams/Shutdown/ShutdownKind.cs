namespace SignalStreams;

/// <summary>How urgently the process was asked to end.</summary>
public enum ShutdownKind
{
    /// <summary>Somebody pressed Ctrl-C, once: SIGINT.</summary>
    Interrupt = 0,

    /// <summary>Any other signal, the program itself, or a second attempt.</summary>
    Terminate,
}
