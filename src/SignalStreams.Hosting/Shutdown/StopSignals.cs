namespace SignalStreams;

/// <summary>Which signals stop a host, and which it reloads at.</summary>
internal sealed class StopSignals
{
    private readonly bool _stopsAtHangup;

    public StopSignals(SignalStreamsOptions options)
    {
        var chosen = options.Signals is { } given ? SignalDoor.Check(given, nameof(options.Signals)) : null;
        var reloads = options.ReloadOnHangup && !OperatingSystem.IsWindows();
        Stopping = chosen ?? SignalTable.Current.CopyTerminating();
        _stopsAtHangup = !reloads || (chosen is not null && Contains(chosen, ShutdownSignal.SIGHUP));
        All = reloads && !Contains(Stopping, ShutdownSignal.SIGHUP) ? [.. Stopping, ShutdownSignal.SIGHUP] : Stopping;
        foreach (var action in options.Actions)
        {
            if (Contains(Stopping, action.Signal) && (action.Signal != ShutdownSignal.SIGHUP || _stopsAtHangup))
            {
                throw new ArgumentException($"{action.Signal.GetName()} stops the host, so nothing else can be done at it: take it out of Signals, or out of On(...).", nameof(options));
            }
        }
    }

    /// <summary>Those that ask the host to stop, SIGHUP among them where it may be the terminal's.</summary>
    public ShutdownSignal[] Stopping { get; }

    /// <summary>All that the lifetime listens to.</summary>
    public ShutdownSignal[] All { get; }

    /// <summary>Whether it is to be answered by a reload, and not by a stop.</summary>
    /// <remarks>A hang-up of the kernel's, or of the terminal's: the terminal is gone, nobody has asked for anything.</remarks>
    public bool IsReload(in SignalDelivery delivery) => delivery.Signal == ShutdownSignal.SIGHUP && !_stopsAtHangup
        && delivery.Origin.Kind is not (SignalOriginKind.Kernel or SignalOriginKind.Terminal);

    // A generic search would be compiled while the host starts.
    private static bool Contains(ShutdownSignal[] signals, ShutdownSignal wanted)
    {
        foreach (var signal in signals)
        {
            if (signal == wanted)
            {
                return true;
            }
        }

        return false;
    }
}
