namespace SignalStreams.Tool;

/// <summary>How a stop shows itself.</summary>
internal enum StopView
{
    /// <summary>A live picture on a terminal, lines elsewhere.</summary>
    Auto,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>Not at all.</summary>
    Quiet,
}
