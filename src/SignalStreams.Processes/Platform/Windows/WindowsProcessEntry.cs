namespace SignalStreams;

/// <summary>One line of a snapshot of the system (PROCESSENTRY32W).</summary>
/// <param name="Id">The process.</param>
/// <param name="ParentId">The id that its parent had when it started it.</param>
internal readonly record struct WindowsProcessEntry(int Id, int ParentId);
