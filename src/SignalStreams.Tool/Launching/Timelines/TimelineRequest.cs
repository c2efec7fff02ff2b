namespace SignalStreams.Tool;

/// <summary>Somebody or something asked for the end.</summary>
internal sealed record TimelineRequest(TimeSpan At, string Text);
