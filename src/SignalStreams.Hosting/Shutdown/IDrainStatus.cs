namespace SignalStreams;

/// <summary>Says what a host that drains or stops still waits for.</summary>
internal interface IDrainStatus
{
    /// <summary>What is left, for people, such as "3 requests left"; null for nothing.</summary>
    string? Status { get; }
}
