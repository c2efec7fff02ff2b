namespace SignalStreams;

/// <summary>The events that GenerateConsoleCtrlEvent can send; wincon.h.</summary>
internal enum ConsoleEvent
{
    /// <summary>CTRL_C_EVENT.</summary>
    ControlC = 0,

    /// <summary>CTRL_BREAK_EVENT.</summary>
    ControlBreak = 1,
}
