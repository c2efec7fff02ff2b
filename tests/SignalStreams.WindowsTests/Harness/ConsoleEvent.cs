namespace SignalStreams.WindowsTests;

/// <summary>The number that a console handler is called with (HandlerRoutine, "dwCtrlType").</summary>
internal enum ConsoleEvent
{
    CtrlC = 0,
    Break = 1,
    Close = 2,
    Logoff = 5,
    Shutdown = 6,
}
