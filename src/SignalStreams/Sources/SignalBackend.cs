namespace SignalStreams;

/// <summary>Which source of signals serves the process, and why that one.</summary>
/// <param name="Kind">The source.</param>
/// <param name="Reason">A sentence for people: what it can do, or why a faster one does not serve.</param>
public sealed record SignalBackend(SignalBackendKind Kind, string Reason)
{
    /// <summary>The kind, then the reason.</summary>
    public override string ToString() => $"{Kind}: {Reason}";
}
