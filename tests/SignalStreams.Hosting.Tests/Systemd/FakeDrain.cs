namespace SignalStreams.Hosting.Tests;

/// <summary>Says of itself what a test wants it to.</summary>
internal sealed class FakeDrain : IDrainStatus
{
    public string? Status { get; set; }
}
