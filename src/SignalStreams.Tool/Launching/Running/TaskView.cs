namespace SignalStreams.Tool;

/// <summary>A task as it is at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Detail">What there is to say of that: what it waits for, how it ended.</param>
/// <param name="ProcessId">Its process; null when none runs.</param>
/// <param name="Restarts">How often it has been started again.</param>
/// <param name="Uptime">How long its process runs; null when none does.</param>
/// <param name="LastLine">What it wrote last.</param>
/// <param name="Stop">How far its stop is; null when it has not been asked to end, or has ended.</param>
internal sealed record TaskView(string Name, LaunchState State, string Detail, int? ProcessId, int Restarts, TimeSpan? Uptime, string LastLine, TaskStopView? Stop);
