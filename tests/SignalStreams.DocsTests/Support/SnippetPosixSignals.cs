using System.Runtime.InteropServices;

namespace SignalStreams.DocsTests.Support;

/// <summary>In the place of the class of this name: registrations that a test fires.</summary>
public sealed class SnippetPosixSignals
{
    private readonly List<(PosixSignal Signal, Action<PosixSignalContext> Handler)> _handlers = [];

    public IDisposable Create(PosixSignal signal, Action<PosixSignalContext> handler)
    {
        _handlers.Add((signal, handler));
        return new MemoryStream();
    }

    /// <returns>Whether a handler kept the process alive.</returns>
    public bool Fire(PosixSignal signal)
    {
        var context = new PosixSignalContext(signal);
        foreach (var (_, handler) in _handlers.Where(h => h.Signal == signal).Reverse())
        {
            handler(context);
        }

        return context.Cancel;
    }
}
