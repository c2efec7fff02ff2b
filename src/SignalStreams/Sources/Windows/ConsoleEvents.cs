using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

// The events are named on every platform, so that a test can run the source on any.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>The five events of the Windows console.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>C, BREAK, CLOSE and SHUTDOWN come through <see cref="PosixSignalRegistration"/>, so that other owners live; LOGOFF, which it
/// lacks, through a handler of our own.</item>
/// <item>On CLOSE, LOGOFF and SHUTDOWN the system ends the process as soon as the handler returns, whatever it returns (HandlerRoutine,
/// "Remarks"): the thread of the system is held.</item>
/// <item>Claims stay for life. Removing the last registration while a handler runs dead-locks in .NET 10 (dotnet/runtime#117753), so an
/// event that nobody listens to any more is answered with "not handled" instead.</item>
/// <item>Adding a handler waits for one that runs just as removing does, and the one that runs may be held for whoever opens a listener now. So both handlers, that of the
/// runtime and our own, are there from the first claim on, and no later one adds any.</item>
/// <item>A service is told of the logoff of each user, which is no reason to end (dotnet/runtime#83093): there LOGOFF is left alone.</item>
/// </list>
/// </remarks>
internal sealed unsafe class ConsoleEvents(EventArrivals arrivals, bool isService) : IEventFeed
{
    private const uint LogoffEvent = 5;

    private static ConsoleEvents? _logoffListener;

    // Registrations are finalizable, and would be gone one day.
    private readonly EventTable<object> _claims = new();

    public string Name => "console control events";

    public bool Serves(ShutdownSignal @event) => @event switch
    {
        ShutdownSignal.SIGTERM => false,
        ShutdownSignal.CTRL_LOGOFF_EVENT => !isService,
        _ => true,
    };

    public void Claim(ShutdownSignal @event)
    {
        if (OperatingSystem.IsWindows())
        {
            Keep(@event);
            if (!isService)
            {
                Keep(@event == ShutdownSignal.CTRL_LOGOFF_EVENT ? ShutdownSignal.CTRL_CLOSE_EVENT : ShutdownSignal.CTRL_LOGOFF_EVENT);
            }
        }
    }

    /// <summary>What the system's handler thread runs: records, wakes, and for the events that end the process waits.</summary>
    /// <returns>Whether anyone was listening.</returns>
    internal bool Arrived(ShutdownSignal @event)
    {
        if (!arrivals.Arrived(@event, EventPath.Console))
        {
            return false;
        }

        if (@event is ShutdownSignal.CTRL_CLOSE_EVENT or ShutdownSignal.CTRL_LOGOFF_EVENT or ShutdownSignal.CTRL_SHUTDOWN_EVENT)
        {
            arrivals.Hold(@event);
        }

        return true;
    }

    /// <summary>What the runtime calls an event; null for one that it does not hear.</summary>
    public static PosixSignal? RuntimeNameOf(ShutdownSignal @event) => @event switch
    {
        ShutdownSignal.SIGINT => PosixSignal.SIGINT,
        ShutdownSignal.SIGBREAK => PosixSignal.SIGQUIT,
        ShutdownSignal.CTRL_CLOSE_EVENT => PosixSignal.SIGHUP,
        ShutdownSignal.CTRL_SHUTDOWN_EVENT => PosixSignal.SIGTERM,
        _ => null,
    };

    [SupportedOSPlatform("windows")]
    private void Keep(ShutdownSignal @event)
    {
        if (_claims.Find(@event) is null)
        {
            _claims.Set(@event, Register(@event));
        }
    }

    [SupportedOSPlatform("windows")]
    private object Register(ShutdownSignal @event)
    {
        if (RuntimeNameOf(@event) is { } known)
        {
            return PosixSignalRegistration.Create(known, context =>
            {
                // Another owner may have set Cancel before us: it is only ever set here, never cleared.
                if (Arrived(@event))
                {
                    context.Cancel = true;
                }
            });
        }

        _logoffListener = this;
        return WindowsNative.SetConsoleCtrlHandler(&OnConsoleEvent, add: true) ? this
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{@event.GetName()} cannot be listened to: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [UnmanagedCallersOnly]
    private static int OnConsoleEvent(uint @event) =>
        @event == LogoffEvent && _logoffListener is { } source && source.Arrived(ShutdownSignal.CTRL_LOGOFF_EVENT) ? 1 : 0;
}
