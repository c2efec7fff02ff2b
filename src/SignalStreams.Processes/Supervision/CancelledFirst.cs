namespace SignalStreams;

/// <summary>Remembers which of several tokens was cancelled first.</summary>
internal sealed class CancelledFirst
{
    private readonly Lock _gate = new();

    public CancellationToken? Token { get; private set; }

    public void Set(CancellationToken token)
    {
        lock (_gate)
        {
            Token ??= token;
        }
    }
}
