using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

// The events are named on every platform, so that a test can call the handler on any.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>The five events of the Windows console.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>C, BREAK, CLOSE and SHUTDOWN come through <see cref="PosixSignalRegistration"/>, so that other owners live; LOGOFF, which it
/// lacks, through a handler of our own.</item>
/// <item>On CLOSE, LOGOFF and SHUTDOWN the system ends the process as soon as the handler returns, whatever it returns (HandlerRoutine,
/// "Remarks"): the thread of the system is held until the listeners are done or the time that the system gives is nearly over.</item>
/// <item>Claims stay for life. Removing the last registration while a handler runs dead-locks in .NET 10 (dotnet/runtime#117753), so an
/// event that nobody listens to any more is answered with "not handled" instead.</item>
/// </list>
/// </remarks>
internal sealed unsafe class WindowsConsoleSource(TimeProvider time, IProcessExit exit) : ISignalSource
{
    private const uint LogoffEvent = 5;

    // To leave the handler in, before the time that Windows gives a console program for the three last events is over.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    private static WindowsConsoleSource? _logoffListener;

    private readonly Lock _gate = new();
    private readonly Dictionary<ShutdownSignal, LifelongClaim> _claims = [];

    public SignalBackend Backend { get; } = new(SignalBackendKind.Windows, "Console control events serve. The sender of an event is not known to Windows.");

    // One event, up to two names. SIGTERM is SHUTDOWN here; the window message that it stands for as well has a source of its own.
    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => signal switch
    {
        ShutdownSignal.SIGINT => [ShutdownSignal.SIGINT],
        ShutdownSignal.SIGQUIT or ShutdownSignal.SIGBREAK => [ShutdownSignal.SIGBREAK],
        ShutdownSignal.SIGHUP or ShutdownSignal.CTRL_CLOSE_EVENT => [ShutdownSignal.CTRL_CLOSE_EVENT],
        ShutdownSignal.CTRL_LOGOFF_EVENT => [ShutdownSignal.CTRL_LOGOFF_EVENT],
        ShutdownSignal.SIGTERM or ShutdownSignal.CTRL_SHUTDOWN_EVENT => [ShutdownSignal.CTRL_SHUTDOWN_EVENT],
        _ => throw SignalErrors.NotOnThisPlatform(signal),
    };

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        lock (_gate)
        {
            if (_claims.TryGetValue(@event, out var claim))
            {
                claim.Sink = sink;
                return claim;
            }

            claim = new LifelongClaim { Sink = sink };
            if (OperatingSystem.IsWindows())
            {
                claim.Registration = Register(@event);
            }

            _claims.Add(@event, claim);
            return claim;
        }
    }

    public void Raise(ShutdownSignal signal)
    {
        // GenerateConsoleCtrlEvent would reach every process of the console, the parent's shell among them; this one alone is meant.
        foreach (var @event in EventsOf(signal))
        {
            if (!Arrived(@event, SignalOriginKind.Self))
            {
                exit.EndNow(signal);
            }
        }
    }

    /// <summary>What the system's handler thread runs: records, wakes, and for the events that end the process waits.</summary>
    /// <returns>Whether anyone was listening.</returns>
    internal bool Arrived(ShutdownSignal @event, SignalOriginKind kind = SignalOriginKind.Console)
    {
        LifelongClaim? claim;
        lock (_gate)
        {
            if (!_claims.TryGetValue(@event, out claim))
            {
                return false;
            }
        }

        var arrival = new SignalArrival(@event, time.GetTimestamp(), new SignalOrigin { Kind = kind }, IsQueued: false);
        if (!claim.Sink.Record(arrival, out var wake))
        {
            return false;
        }

        if (wake is not null)
        {
            claim.Sink.WakeLater(wake);
        }

        if (kind == SignalOriginKind.Console && @event is ShutdownSignal.CTRL_CLOSE_EVENT or ShutdownSignal.CTRL_LOGOFF_EVENT or ShutdownSignal.CTRL_SHUTDOWN_EVENT)
        {
            claim.Sink.WaitUntilHandled(@event, BudgetOf(@event) - Margin is { Ticks: > 0 } limit ? limit : TimeSpan.Zero);
        }

        return true;
    }

    private static TimeSpan BudgetOf(ShutdownSignal @event) => !OperatingSystem.IsWindows() ? WindowsStopTimeout.Default
        : @event == ShutdownSignal.CTRL_CLOSE_EVENT ? WindowsStopTimeout.OnClose
        : WindowsStopTimeout.OnShutdown;

    [SupportedOSPlatform("windows")]
    private PosixSignalRegistration? Register(ShutdownSignal @event)
    {
        var signal = @event switch
        {
            ShutdownSignal.SIGINT => PosixSignal.SIGINT,
            ShutdownSignal.SIGBREAK => PosixSignal.SIGQUIT,
            ShutdownSignal.CTRL_CLOSE_EVENT => PosixSignal.SIGHUP,
            ShutdownSignal.CTRL_SHUTDOWN_EVENT => PosixSignal.SIGTERM,
            _ => (PosixSignal?)null,
        };

        if (signal is { } known)
        {
            return PosixSignalRegistration.Create(known, context =>
            {
                if (Arrived(@event))
                {
                    context.Cancel = true;
                }
            });
        }

        _logoffListener = this;
        if (!WindowsNative.SetConsoleCtrlHandler(&OnConsoleEvent, add: true))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{@event.GetName()} cannot be listened to: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return null;
    }

    [UnmanagedCallersOnly]
    private static int OnConsoleEvent(uint @event) =>
        @event == LogoffEvent && _logoffListener is { } source && source.Arrived(ShutdownSignal.CTRL_LOGOFF_EVENT) ? 1 : 0;

    private sealed class LifelongClaim : ISignalClaim
    {
        public required ISignalSink Sink { get; set; }

        public PosixSignalRegistration? Registration { get; set; }

        public bool IsIgnored => false;

        public void OverrideIgnored(bool isOverridden)
        {
        }

        public void Dispose()
        {
        }
    }
}
