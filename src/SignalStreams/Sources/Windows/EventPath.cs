namespace SignalStreams;

/// <summary>The way by which an event of Windows reaches the process.</summary>
internal enum EventPath
{
    /// <summary>The process raised it itself.</summary>
    Self = 0,

    /// <summary>A handler of the console.</summary>
    Console,

    /// <summary>A message to the top-level window.</summary>
    TopLevelWindow,

    /// <summary>A message to the message-only window.</summary>
    MessageOnlyWindow,

    /// <summary>A control of the service control manager.</summary>
    Service,
}
