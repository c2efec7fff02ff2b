namespace SignalStreams.Tool;

/// <summary>What <c>signalstreams run</c> was told.</summary>
internal sealed record RunSettings
{
    public required IReadOnlyList<string> Command { get; init; }

    public required RewriteTable Rewrites { get; init; }

    public bool ToGroup { get; init; }

    public StopPlan? Plan { get; init; }

    public TimeSpan Grace { get; init; }

    public bool Escalates { get; init; }

    public bool IsSubreaper { get; init; }

    public IReadOnlyList<int> ExpectedCodes { get; init; } = [];

    public required RestartPolicy Restart { get; init; }

    public Readiness? Ready { get; init; }

    public LeftoverPolicy Leftovers { get; init; }

    public string? WorkingDirectory { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    public bool IsVerbose { get; init; }
}
