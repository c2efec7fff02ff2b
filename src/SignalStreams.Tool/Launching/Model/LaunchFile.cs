namespace SignalStreams.Tool;

/// <summary>A launch as its file describes it: checked, looked up, complete.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">What the launch is called.</param>
/// <param name="Tasks">In the order of the file.</param>
/// <param name="LogFolder">Where logs go; null for the usual place.</param>
internal sealed record LaunchFile(string Path, string Name, IReadOnlyList<LaunchTask> Tasks, string? LogFolder);
