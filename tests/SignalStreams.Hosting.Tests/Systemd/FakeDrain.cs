namespace SignalStreams.Hosting.Tests;

/// <summary>Says of itself what a test wants it to.</summary>
internal sealed class FakeDrain : IHostDrain
{
    public string Name => "fake";

    public string? Status { get; set; }

    public Task DrainAsync(CancellationToken hurry) => Task.CompletedTask;
}
