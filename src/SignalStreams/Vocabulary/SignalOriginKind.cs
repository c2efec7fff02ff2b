namespace SignalStreams;

/// <summary>How a signal came into being, as far as the source can tell.</summary>
public enum SignalOriginKind
{
    /// <summary>The source cannot tell.</summary>
    Unknown = 0,

    /// <summary>A process sent it with kill(2).</summary>
    Process,

    /// <summary>A process sent it with sigqueue(3), with a value.</summary>
    Queue,

    /// <summary>The kernel sent it.</summary>
    Kernel,

    /// <summary>Somebody typed it at the terminal, or the terminal went away.</summary>
    Terminal,

    /// <summary>A timer ran out.</summary>
    Timer,

    /// <summary>This process raised it.</summary>
    Self,

    /// <summary>An event of the Windows console.</summary>
    Console,

    /// <summary>A message to a window.</summary>
    Window,

    /// <summary>A test raised it; no real signal was involved.</summary>
    Test,

    /// <summary>The service control manager of Windows.</summary>
    Service,
}
