namespace SignalStreams.Hosting.Tests;

/// <summary>Says of itself what a test wants it to.</summary>
internal sealed class FakeDrain : IDrainStatus
{
    private string? _status;

    public string? Status
    {
        get
        {
            Asked?.Invoke();
            return _status;
        }
        set => _status = value;
    }

    /// <summary>What happens while it is asked.</summary>
    public Action? Asked { get; set; }
}
