using System.Runtime.InteropServices;

namespace SignalStreams.DocsTests.Support;

/// <summary>In the place of the class of this name: registrations that a test fires.</summary>
public sealed class SnippetPosixSignals
{
    private readonly Lock _gate = new();
    private readonly List<(PosixSignal Signal, Action<PosixSignalContext> Handler)> _handlers = [];

    public IDisposable Create(PosixSignal signal, Action<PosixSignalContext> handler)
    {
        lock (_gate)
        {
            _handlers.Add((signal, handler));
        }

        return new MemoryStream();
    }

    /// <returns>Whether a handler kept the process alive.</returns>
    public bool Fire(PosixSignal signal)
    {
        Action<PosixSignalContext>[] handlers;
        lock (_gate)
        {
            handlers = [.. _handlers.Where(registration => registration.Signal == signal).Select(registration => registration.Handler).Reverse()];
        }

        var context = new PosixSignalContext(signal);
        foreach (var handler in handlers)
        {
            handler(context);
        }

        return context.Cancel;
    }
}
