namespace SignalStreams.Tool;

/// <summary>A signal that was sent to a task.</summary>
internal sealed record TimelineMark(TimeSpan At, ShutdownSignal Signal);
