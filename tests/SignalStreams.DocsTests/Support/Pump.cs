using System.Collections.Concurrent;

namespace SignalStreams.DocsTests.Support;

/// <summary>A loop with a thread of its own, such as a user interface or a game has.</summary>
internal sealed class Pump : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];

    public override void Post(SendOrPostCallback d, object? state) => _work.Add((d, state));

    public void Complete() => _work.CompleteAdding();

    public void Run()
    {
        SetSynchronizationContext(this);
        foreach (var (callback, state) in _work.GetConsumingEnumerable())
        {
            callback(state);
        }
    }
}
