namespace SignalStreams.Tool;

/// <summary>What the command line of a launch says.</summary>
internal sealed record LaunchOptions
{
    public string? File { get; init; }

    public string? Config { get; init; }

    public string? Template { get; init; }

    public string? WorkingDirectory { get; init; }

    public string? Name { get; init; }

    public bool IsQuiet { get; init; }

    public bool WantsGui { get; init; }

    public bool OnlyChecks { get; init; }

    public bool IsPlain { get; init; }

    public string? TimelineFile { get; init; }

    public string? LogFolder { get; init; }

    public bool HasNoLogs { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>What nobody knows on the command line: among them the variables of templates.</summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    /// <summary>The options that there are.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];
}
