// The events are named on every platform, so that a test can run the source on any.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Close messages, and the end of a session as windows are told of it.</summary>
/// <remarks>
/// The windows, and the thread that they live on, are there while somebody listens to an event that comes this way, and a moment longer. A program with a console needs them
/// too: <c>taskkill</c> reaches nobody without one, and the console tells a process that has loaded user32.dll neither of a logoff
/// nor of a shutdown (SetConsoleCtrlHandler, "Remarks").
/// </remarks>
internal sealed class WindowMessages(EventArrivals arrivals) : IEventFeed
{
    private readonly Lock _gate = new();
    private HiddenWindows? _windows;
    private string? _work;
    private int _claims;

    public string Name => "messages to hidden windows";

    public bool Serves(ShutdownSignal @event) => @event is ShutdownSignal.SIGTERM or ShutdownSignal.CTRL_SHUTDOWN_EVENT or ShutdownSignal.CTRL_LOGOFF_EVENT;

    public void Claim(ShutdownSignal @event)
    {
        if (!OperatingSystem.IsWindows())
        {
            return;
        }

        HiddenWindows windows;
        lock (_gate)
        {
            _claims++;
            if (_windows is null || !_windows.TryReturn())
            {
                _windows = new HiddenWindows(arrivals);
                _windows.ShowWork(_work);
                _windows.Start();
            }

            windows = _windows;
        }

        // Whoever is told that it listens does. The thread that it waits for runs no code but ours.
        windows.WaitUntilOpen();
    }

    public void Release(ShutdownSignal @event)
    {
        lock (_gate)
        {
            if (OperatingSystem.IsWindows() && --_claims == 0)
            {
                _windows!.Leave();
            }
        }
    }

    public void ShowWork(string? work)
    {
        lock (_gate)
        {
            _work = work;
            if (OperatingSystem.IsWindows())
            {
                _windows?.ShowWork(work);
            }
        }
    }
}
