using System.Runtime.InteropServices;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>A receiver that stays open in the storm, beside a bare registration that the runtime tells of the same signals.</summary>
internal sealed class StressAnchor
{
    private readonly List<PosixSignalRegistration> _registrations;
    private readonly SignalReceiver _receiver;
    private readonly Task _loop;
    private long _registered;
    private long _delivered;
    private long _lastSequence;
    private string? _complaint;

    public StressAnchor(ShutdownSignal[] signals)
    {
        _receiver = Signals.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 1 << 20, ForwardToOthers = true }, signals);
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal.ToPosixSignal(), _ => Interlocked.Increment(ref _registered)))];
        _loop = LoopAsync();
    }

    /// <summary>Waits until the receiver has all that the registration has, and closes both.</summary>
    public bool End(TimeSpan limit, out string report)
    {
        // Nothing is sent any more, but the runtime may still have some on their way: equal, and for a while.
        var isSettled = SpinWait.SpinUntil(IsSettled, limit);
        report = _complaint ?? (isSettled ? $"anchor {_delivered}" : $"{_delivered} signals were delivered and {_registered} registered");
        _registrations.ForEach(registration => registration.Dispose());
        _receiver.Dispose();
        return isSettled && _complaint is null && _loop.Wait(limit);
    }

    private bool IsSettled()
    {
        // Behind all that the runtime has still to read from its pipe, and to take from the pool's queue.
        using var isRead = new ManualResetEventSlim();
        using (PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => isRead.Set()))
        {
            Signals.Raise(SIGWINCH);
            isRead.Wait();
        }

        var (registered, delivered) = (Interlocked.Read(ref _registered), Interlocked.Read(ref _delivered));
        Thread.Sleep(500);

        // What the native source forwards to the runtime merges.
        return Interlocked.Read(ref _registered) == registered && Interlocked.Read(ref _delivered) == delivered
            && (registered == delivered || (registered < delivered && Signals.Backend.Kind == SignalBackendKind.Native));
    }

    private async Task LoopAsync()
    {
        await foreach (var delivery in _receiver.ReadDeliveriesAsync())
        {
            if (delivery.Sequence != _lastSequence + 1 || delivery.Count != 1)
            {
                _complaint ??= $"delivery {delivery.Sequence} of {delivery.Count} came after {_lastSequence}";
            }

            _lastSequence = delivery.Sequence;
            Interlocked.Increment(ref _delivered);
        }
    }
}
