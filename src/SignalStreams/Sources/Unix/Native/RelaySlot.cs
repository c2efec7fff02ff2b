using System.Diagnostics;

// The source is chosen on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>One signal's registration with the runtime and the handler on top of it, from the first claim to the end of what was forwarded.</summary>
/// <remarks>
/// <para>The registration alone is the portable source: what comes through it, before the handler is there or after it has gone, is recorded as there.
/// While the handler is there, what comes through the registration is what was forwarded to the runtime for other owners; it is swallowed here.</para>
/// <para>At most one forwarded copy is under way; what arrives meanwhile merges, as in the kernel. The registration stays until that copy has
/// come back, or the runtime would find nobody to cancel it, and end the process for a signal that was handled.</para>
/// </remarks>
internal sealed class RelaySlot(Relay relay, PortableUnixSource runtime, ShutdownSignal signal, ISignalSink sink) : ISignalSink
{
    private static readonly TimeSpan ComesBackWithin = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private ISignalClaim? _registration;
    private bool _isOpen;
    private bool _isOnTop;
    private bool _isSomebodyElses;
    private int _forwarded;

    private readonly bool _isAlwaysForwarded = signal is ShutdownSignal.SIGHUP or ShutdownSignal.SIGINT or ShutdownSignal.SIGQUIT or ShutdownSignal.SIGTERM
        or ShutdownSignal.SIGCHLD or ShutdownSignal.SIGCONT or ShutdownSignal.SIGWINCH;

    private volatile bool _isForwardedByRequest;

    public ShutdownSignal Signal { get; } = signal;

    public int Number { get; } = signal.GetNumber();

    /// <summary>Whether others in the process who own the signal are to be told of it: each copy costs the runtime a thread.</summary>
    public bool IsForwarded => _isAlwaysForwarded || _isForwardedByRequest;

    public bool IsIgnored => _registration!.IsIgnored;

    public void Open()
    {
        lock (_gate)
        {
            Debug.Assert(!_isOpen);
            if (_registration is null)
            {
                _isSomebodyElses = Dispositions.IsSomebodyElses(Number);
                _registration = runtime.Claim(Signal, this);
            }

            _isOpen = true;
            PutOnTop();
        }
    }

    /// <summary>Takes the handler away. What it recorded before is still to be taken, and forwarded, before <see cref="LetGo"/>.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
            TakeAway();
            _registration!.OverrideIgnored(false);
        }
    }

    /// <summary>Gives the registration back as soon as nothing is under way to it.</summary>
    public void LetGo()
    {
        // Whoever registers after us is not to be given a copy of what came before. With a limit, since the runtime may be waiting for its pool.
        SpinWait.SpinUntil(() => Volatile.Read(ref _forwarded) == 0, ComesBackWithin);
        lock (_gate)
        {
            _isForwardedByRequest = false;
            DisposeUnlessNeeded();
        }
    }

    public void OverrideIgnored(bool isOverridden)
    {
        lock (_gate)
        {
            if (isOverridden)
            {
                _registration!.OverrideIgnored(true);
                PutOnTop();
                return;
            }

            TakeAway();
            _registration!.OverrideIgnored(false);
        }
    }

    public void ForwardToOthers(bool isForwarded) => _isForwardedByRequest = isForwarded;

    /// <summary>Hands a delivered signal to its other owners.</summary>
    public void Forward()
    {
        lock (_gate)
        {
            // One that is under way is followed by this one when it has come back.
            _forwarded = Math.Min(_forwarded + 1, 2);
            if (_forwarded == 1)
            {
                Send();
            }
        }
    }

    bool ISignalSink.Record(in SignalArrival arrival, out SignalListener? wake)
    {
        if (!TakeBack())
        {
            return sink.Record(in arrival, out wake);
        }

        wake = null;
        return true;
    }

    void ISignalSink.WakeLater(SignalListener listener) => sink.WakeLater(listener);

    bool ISignalSink.WaitUntilHandled(ShutdownSignal @event, TimeSpan limit) => sink.WaitUntilHandled(@event, limit);

    private void PutOnTop()
    {
        // Also where it is on top still, because somebody is on top of it: it was switched off.
        _isOnTop |= !_isSomebodyElses && relay.Open(Number);
    }

    private void TakeAway()
    {
        // False where somebody has put his handler on top of ours, which then stays.
        if (_isOnTop && relay.Close(Number))
        {
            _isOnTop = false;
        }
    }

    // Under the gate: once it is sent it comes back, or _forwarded would swallow a signal of somebody else.
    private void Send()
    {
        if (_registration is null)
        {
            _forwarded = 0;
            return;
        }

        relay.Forward(Number);
    }

    // What comes through the registration is what was forwarded, if anything was.
    private bool TakeBack()
    {
        lock (_gate)
        {
            if (_forwarded == 0)
            {
                return false;
            }

            _forwarded--;
            if (_forwarded > 0)
            {
                Send();
            }

            DisposeUnlessNeeded();
            return true;
        }
    }

    // Not while a handler of somebody else is on top of ours: ours would pass on to one that is gone.
    private void DisposeUnlessNeeded()
    {
        if (!_isOpen && !_isOnTop && _forwarded == 0)
        {
            _registration?.Dispose();
            _registration = null;
        }
    }
}
