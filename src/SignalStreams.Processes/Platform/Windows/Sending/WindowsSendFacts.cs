namespace SignalStreams;

/// <summary>What the choice of a route depends on.</summary>
/// <param name="IsOurselves">The process is this one.</param>
/// <param name="SharesOurConsole">It is attached to the console of this process.</param>
/// <param name="LeadsGroup">It is known to lead a process group of its own: we started it so. Windows tells nobody else's.</param>
/// <param name="HasWindows">It has windows of its own that can be asked to close.</param>
/// <param name="HasConsoleHelper">This build has the console helper.</param>
internal readonly record struct WindowsSendFacts(bool IsOurselves, bool SharesOurConsole, bool LeadsGroup, bool HasWindows, bool HasConsoleHelper);
