namespace SignalStreams.Tests.Scopes;

/// <summary>A resource that tells when it is disposed.</summary>
internal sealed class Disposal(Action? onDispose = null) : IDisposable
{
    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        IsDisposed = true;
        onDispose?.Invoke();
    }
}
