namespace SignalStreams.Tool;

/// <summary>How a launch came out.</summary>
/// <param name="ExitCode">What the launcher exits with.</param>
/// <param name="Timeline">How its stop went; null when nothing had to be stopped.</param>
internal sealed record LaunchResult(int ExitCode, LaunchTimeline? Timeline);
