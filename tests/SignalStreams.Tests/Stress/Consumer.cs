namespace SignalStreams.Tests.Stress;

/// <summary>A receiver and a loop that reads it, and keeps what it read.</summary>
internal sealed class Consumer : IDisposable
{
    private readonly SignalReceiver _receiver;
    private readonly List<long> _sequences = [];
    private readonly Task _loop;
    private int _read;
    private long _signals;

    public Consumer(SignalHub hub, SignalReceiverOptions options, params ShutdownSignal[] signals)
    {
        _receiver = hub.OpenSignalReceiver(options, signals);
        _loop = LoopAsync();
    }

    /// <summary>How many deliveries were read.</summary>
    public int Read => Volatile.Read(ref _read);

    /// <summary>How many signals they stood for.</summary>
    public long Signals => Interlocked.Read(ref _signals);

    public long Lost => _receiver.Lost;

    /// <summary>Closes, and tells the sequence numbers in the order in which they were read.</summary>
    public async Task<IReadOnlyList<long>> EndAsync()
    {
        _receiver.Dispose();
        await _loop.WithLimit();
        return _sequences;
    }

    public void Dispose() => _receiver.Dispose();

    private async Task LoopAsync()
    {
        await foreach (var delivery in _receiver.ReadDeliveriesAsync())
        {
            _sequences.Add(delivery.Sequence);
            Interlocked.Add(ref _signals, delivery.Count);
            Interlocked.Increment(ref _read);
        }
    }
}
