// The events are named on every platform, so that a test can run the source on any.
#pragma warning disable CA1416

using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>Signals of Windows: the events of the console, messages to hidden windows, controls of the service control manager.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A name is one event or two: SIGTERM is the close message, which <c>taskkill</c> and the service control "stop" are, and the shutdown of the system.</item>
/// <item>Which feeds there are is decided by what the process is (<see cref="WindowsRole"/>). A feed has what it needs of the system from the first
/// claim of an event that it serves.</item>
/// <item>On CLOSE, LOGOFF and SHUTDOWN the system ends the process as soon as its handler returns: see <see cref="EventArrivals.Hold"/>.</item>
/// </list>
/// </remarks>
internal sealed class WindowsSource(EventArrivals arrivals, IProcessExit exit, Func<ShutdownSignal, Action<PosixSignalContext>[]> others, params IEventFeed[] feeds) : ISignalSource
{
    public SignalBackend Backend => field ??= new(SignalBackendKind.Windows,
        $"{string.Join(", ", feeds.Select(feed => feed.Name))} serve. The sender of an event is not known to Windows.");

    public static WindowsSource ForThisProcess(TimeProvider time, IProcessExit exit)
    {
        var arrivals = new EventArrivals(time, WindowsStopTimeout.Of);
        return WindowsRole.IsService
            ? WindowsRole.HasServiceControls
                ? new WindowsSource(arrivals, exit, OtherOwners, new ConsoleEvents(arrivals, isService: true), new ServiceControls(arrivals, exit))
                : new WindowsSource(arrivals, exit, OtherOwners, new ConsoleEvents(arrivals, isService: true))
            : new WindowsSource(arrivals, exit, OtherOwners, new ConsoleEvents(arrivals, isService: false), new WindowMessages(arrivals));
    }

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => signal switch
    {
        ShutdownSignal.SIGINT => [ShutdownSignal.SIGINT],
        ShutdownSignal.SIGQUIT or ShutdownSignal.SIGBREAK => [ShutdownSignal.SIGBREAK],
        ShutdownSignal.SIGHUP or ShutdownSignal.CTRL_CLOSE_EVENT => [ShutdownSignal.CTRL_CLOSE_EVENT],
        ShutdownSignal.CTRL_LOGOFF_EVENT => [ShutdownSignal.CTRL_LOGOFF_EVENT],
        ShutdownSignal.SIGTERM => [ShutdownSignal.SIGTERM, ShutdownSignal.CTRL_SHUTDOWN_EVENT],
        ShutdownSignal.CTRL_SHUTDOWN_EVENT => [ShutdownSignal.CTRL_SHUTDOWN_EVENT],
        _ => throw SignalErrors.NotOnThisPlatform(signal),
    };

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        arrivals.Bind(@event, sink);
        var serving = Array.FindAll(feeds, feed => feed.Serves(@event));
        for (var i = 0; i < serving.Length; i++)
        {
            try
            {
                serving[i].Claim(@event);
            }
            catch
            {
                Array.ForEach(serving[..i], feed => feed.Release(@event));
                throw;
            }
        }

        return new FeedsClaim(@event, serving);
    }

    public void ShowWork(string? work)
    {
        foreach (var feed in feeds)
        {
            feed.ShowWork(work);
        }
    }

    public void Raise(ShutdownSignal signal)
    {
        // Of two events the first: a signal is raised once. GenerateConsoleCtrlEvent would reach every process of the console, the
        // parent's shell among them; this one alone is meant.
        var @event = EventsOf(signal)[0];
        if (arrivals.Arrived(@event, EventPath.Self))
        {
            return;
        }

        if (others(@event) is not { Length: > 0 } handlers)
        {
            exit.EndNow(signal);
            return;
        }

        // Not here: whoever closes a receiver runs nobody's code.
        DetachedThread.Start("redelivery", () =>
        {
            var context = new PosixSignalContext(RuntimeNameOf(@event)!.Value);
            Array.ForEach(handlers, handler => handler(context));
            if (!context.Cancel)
            {
                exit.EndNow(signal);
            }
        });
    }

    private static Action<PosixSignalContext>[] OtherOwners(ShutdownSignal @event) => RuntimeNameOf(@event) is { } name ? RuntimeHandlers.Of(name) : [];

    // The close message, of which the runtime does not hear, is SIGTERM to whoever has written his program for both worlds.
    private static PosixSignal? RuntimeNameOf(ShutdownSignal @event) => @event == ShutdownSignal.SIGTERM ? PosixSignal.SIGTERM : ConsoleEvents.RuntimeNameOf(@event);

    private sealed class FeedsClaim(ShutdownSignal @event, IEventFeed[] serving) : ISignalClaim
    {
        // Windows hands on an ignored Ctrl-C only (CREATE_NEW_PROCESS_GROUP), and does not tell.
        public bool IsIgnored => false;

        public void OverrideIgnored(bool isOverridden)
        {
        }

        public void Dispose() => Array.ForEach(serving, feed => feed.Release(@event));
    }
}
