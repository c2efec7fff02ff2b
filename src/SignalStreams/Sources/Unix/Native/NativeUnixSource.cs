using System.ComponentModel;

// The source is chosen on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Signals through a handler of the library's own, on top of the runtime's: it knows who sent them, keeps their order, and waits for no thread pool.</summary>
/// <remarks>
/// Every signal is claimed from the runtime as well: other owners are to have it too, before, during and after, and a signal between two moments
/// comes that way. SIGTSTP, SIGTTIN and SIGTTOU are the runtime's alone, which takes them for the terminal.
/// </remarks>
internal sealed class NativeUnixSource : ISignalSource
{
    private readonly Relay _relay;
    private readonly PortableUnixSource _runtime;
    private readonly RelayForwarding _forwarding;
    private readonly RelayReaders _readers;
    private readonly RelaySlot?[] _slots = new RelaySlot?[65];
    private ISignalSink? _sink;

    public NativeUnixSource(Relay relay, TimeProvider time)
    {
        _relay = relay;
        _runtime = new PortableUnixSource(time, "");
        _forwarding = new RelayForwarding(relay, _slots);
        _readers = new RelayReaders(relay, _forwarding, Record);
    }

    public SignalBackend Backend { get; } = new(SignalBackendKind.Native, "A signal handler of the library's own serves.");

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        if (@event is ShutdownSignal.SIGTSTP or ShutdownSignal.SIGTTIN or ShutdownSignal.SIGTTOU)
        {
            return _runtime.Claim(@event, sink);
        }

        _sink = sink;
        ref var slot = ref _slots[@event.GetNumber()];
        slot ??= new RelaySlot(_relay, _runtime, @event, sink);
        _readers.Retain();
        try
        {
            slot.Open();
        }
        catch
        {
            _readers.Release();
            throw;
        }

        return new SlotClaim(this, slot);
    }

    public void ServeUntil(Task end)
    {
        // The kernel runs handlers on the main thread where it can: a reader that sleeps there wakes without being woken.
        if (_relay.IsMainThread)
        {
            _readers.ServeUntil(end, _sink!);
        }
        else
        {
            ((ISignalSource)_runtime).ServeUntil(end);
        }
    }

    public void Raise(ShutdownSignal signal) => _runtime.Raise(signal);

    public void Raise(ShutdownSignal signal, int value) => _runtime.Raise(signal, value);

    // Under the readers' gate: one at a time, in the order in which handlers ran.
    private RelayTaken Record(RelayRecord record)
    {
        var slot = _slots[record.Signal]!;
        var merged = record.Count > 1;
        var isQueued = !merged && (SignalTable.Current.IsRealTime(slot.Signal) || record.Code == RelayOrigin.Queued);
        var arrival = new SignalArrival(slot.Signal, record.Time, RelayOrigin.Of(in record), isQueued, (int)Math.Min(record.Count, int.MaxValue));
        if (!_sink!.Record(in arrival, out var wake))
        {
            // The last listener left between the handler and here: it is the next owner's, or the default's.
            RaiseAgain(slot.Signal);
            return default;
        }

        var isForwarded = slot.IsForwarded;
        if (isForwarded)
        {
            _forwarding.Mark(slot);
        }

        return new RelayTaken(isForwarded, wake);
    }

    private void RaiseAgain(ShutdownSignal signal)
    {
        try
        {
            _runtime.Raise(signal);
        }
        catch (Win32Exception e)
        {
            // A seccomp filter that forbids kill(2) is no reason to end a reader, or to throw out of a Dispose.
            SignalStreamsEventSource.Log.RedeliveryFailed(e.ToString());
        }
    }

    private sealed class SlotClaim(NativeUnixSource source, RelaySlot slot) : ISignalClaim
    {
        public bool IsIgnored => slot.IsIgnored;

        public void OverrideIgnored(bool isOverridden) => slot.OverrideIgnored(isOverridden);

        public void ForwardToOthers(bool isForwarded) => slot.ForwardToOthers(isForwarded);

        public void Dispose()
        {
            slot.Close();
            source._readers.Drain(source._sink!);
            source._forwarding.Finish(slot);
            slot.LetGo();
            source._readers.Release();
        }
    }
}
