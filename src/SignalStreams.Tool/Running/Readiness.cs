namespace SignalStreams.Tool;

/// <summary>How it is found out that a child is ready, and who is told.</summary>
/// <param name="Host">The host of a TCP port that must answer; null without.</param>
/// <param name="Port">The port.</param>
/// <param name="File">A file that must exist; null without.</param>
/// <param name="Descriptor">Where a line feed is written then; null without.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record Readiness(string? Host, int Port, string? File, int? Descriptor, TimeSpan Timeout);
