using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SignalStreams;

/// <summary>The events of a supervision, for one reader at a time.</summary>
internal sealed class SupervisionEvents
{
    private readonly Channel<SupervisedProcessEvent> _events = Channel.CreateUnbounded<SupervisedProcessEvent>();
    private int _isRead;

    /// <summary>Writes one; it runs nobody's code.</summary>
    public void Write(SupervisedProcessEvent e) => _events.Writer.TryWrite(e);

    /// <summary>No further one comes.</summary>
    public void Complete() => _events.Writer.TryComplete();

    public async IAsyncEnumerable<SupervisedProcessEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
        {
            throw new InvalidOperationException("Somebody reads the events already, and each event goes to one reader. End that reading first (the next one goes on where it ended), or pass the events on from there.");
        }

        try
        {
            await foreach (var e in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return e;
            }
        }
        finally
        {
            Volatile.Write(ref _isRead, 0);
        }
    }
}
