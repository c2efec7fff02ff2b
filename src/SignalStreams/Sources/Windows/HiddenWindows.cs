using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>Two windows that nobody sees, on a thread of their own: one at the top level, one for messages only.</summary>
/// <remarks>
/// <para>The first is what <c>taskkill</c> finds and what the system tells of the end of a session. The second is what the launcher of drekar-launch looks for.</para>
/// <para>They outlast the last listener by a quarter of a second, so that a program which opens and closes often does not pay for them each time. A message that comes
/// then has no effect.</para>
/// <para>The thread wakes by an event of its own and not by a message: the queue of messages can be full (10,000; PostMessage, "Remarks").</para>
/// </remarks>
[SupportedOSPlatform("windows")]
#pragma warning disable CA1001 // The thread disposes the event as the last thing that it does; nothing waits for the other by a handle.
internal sealed unsafe class HiddenWindows(EventArrivals arrivals)
#pragma warning restore CA1001
{
    private static readonly TimeSpan OpeningTime = TimeSpan.FromSeconds(5);
    private static int _classes;

    [ThreadStatic]
    private static HiddenWindows? _ofThisThread;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _changed = new(initialState: false);
    private readonly ManualResetEventSlim _isOpen = new();
    private volatile string? _work;
    private volatile bool _isUnused;
    private string? _shownWork;
    private bool _mayRefuse;
    private long? _posted;
    private nint _topLevel;
    private nint _messageOnly;
    private bool _isGone;

    /// <summary>For how long they are kept when nobody needs them; a test that wants new ones each time sets none.</summary>
    internal static TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(250);

    public void Start() => DetachedThread.Start("windows", Run);

    /// <summary>Waits until messages arrive, or it is known that they will not.</summary>
    public void WaitUntilOpen() => _isOpen.Wait(OpeningTime);

    /// <summary>Nobody needs windows and thread any more. They end in a while; the thread may be held until whoever calls goes on.</summary>
    public void Leave()
    {
        _isUnused = true;
        Wake();
    }

    /// <summary>Somebody needs them again.</summary>
    /// <returns>False when they are gone.</returns>
    public bool TryReturn()
    {
        lock (_gate)
        {
            _isUnused = false;
            return !_isGone;
        }
    }

    /// <summary>What the system is to show to a user who ends the session; null for nothing.</summary>
    public void ShowWork(string? work)
    {
        _work = work;
        Wake();
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (!_isGone)
            {
                _changed.Set();
            }
        }
    }

    private void Run()
    {
        _ofThisThread = this;
        try
        {
            DisableInputMethod();
            var name = string.Create(CultureInfo.InvariantCulture, $"SignalStreams {(nint)(delegate* unmanaged<nint, uint, nint, nint, nint>)&OnMessage:x} {Interlocked.Increment(ref _classes)}");
            Serve(name);
        }
        catch (Exception e) when (e is Win32Exception or DllNotFoundException or EntryPointNotFoundException)
        {
            // Windows without windows, as in a container: what comes by other ways still does.
            SignalStreamsEventSource.Log.NoWindows(e.Message);
        }
        finally
        {
            _ofThisThread = null;
            lock (_gate)
            {
                _isGone = true;
                _changed.Dispose();
            }

            // Whoever waits for what could not be made.
            _isOpen.Set();
        }
    }

    // It comes with a top-level window of its own to each thread that has one: one more for taskkill to choose from.
    private static void DisableInputMethod()
    {
        try
        {
            _ = WindowNative.DisableInputMethod(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // There is none.
        }
    }

    private void Serve(string className)
    {
        fixed (char* name = className)
        {
            // Of a name that no other copy of the library in the process has: a class is known by its name.
            var windowClass = new WindowNative.WindowClass { Size = (uint)sizeof(WindowNative.WindowClass), Procedure = &OnMessage, Instance = WindowNative.GetModuleHandle(0), ClassName = name };
            var atom = WindowNative.RegisterClass(&windowClass);
            if (atom == 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError(), $"The class of the hidden windows cannot be registered: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            try
            {
                _topLevel = Create(name, parent: 0);
                _messageOnly = Create(name, WindowNative.MessageOnly);
                ReportWork();

                // Compiled now, and not between the looks at two clocks.
                _ = TimestampOf(0);
                _isOpen.Set();
                while (!IsOver(WaitForMore()))
                {
                    ReportWork();
                }
            }
            finally
            {
                Destroy(ref _messageOnly);
                Destroy(ref _topLevel);
                _ = WindowNative.UnregisterClass(name, windowClass.Instance);
            }
        }
    }

    private static nint Create(char* className, nint parent)
    {
        fixed (char* title = "SignalStreams")
        {
            var window = WindowNative.CreateWindow(WindowNative.ToolWindow, className, title, WindowNative.Popup, 0, 0, 0, 0, parent, 0, WindowNative.GetModuleHandle(0), 0);
            return window != 0 ? window
                : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"A hidden window cannot be created: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static void Destroy(ref nint window)
    {
        if (window != 0)
        {
            _ = WindowNative.DestroyWindow(window);
            window = 0;
        }
    }

    /// <returns>False when nothing happened for as long as windows that nobody needs are kept.</returns>
    private bool WaitForMore()
    {
        var handle = _changed.SafeWaitHandle.DangerousGetHandle();
        var result = WindowNative.MsgWaitForMultipleObjects(
            1, &handle, _isUnused ? (uint)Linger.TotalMilliseconds : WindowNative.Infinite, WindowNative.AllInput, WindowNative.InputAvailable);
        if (result == WindowNative.WaitFailed)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"The hidden windows cannot wait for messages: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        WindowNative.Message message;
        while (WindowNative.PeekMessage(&message, 0, 0, 0, WindowNative.Remove) != 0)
        {
            // What is sent and not posted has no time: it is received within PeekMessage.
            _posted = TimestampOf(message.Time);
            _ = WindowNative.DispatchMessage(&message);
            _posted = null;
        }

        return result != WindowNative.TimedOut;
    }

    private bool IsOver(bool somethingHappened)
    {
        lock (_gate)
        {
            return _isGone = !somethingHappened && _isUnused;
        }
    }

    // By the thread of the window: for any other the system refuses it. Without a reason the system ends a program that has no window to be seen, where it says
    // no ("Application Shutdown Changes in Windows Vista"). Wine has no reasons.
    private void ReportWork()
    {
        var work = _work;
        if (work == _shownWork)
        {
            return;
        }

        _ = WindowNative.ShutdownBlockReasonDestroy(_topLevel);
        _mayRefuse = work is not null
            && (WindowNative.ShutdownBlockReasonCreate(_topLevel, work) != 0 || Marshal.GetLastPInvokeError() == WindowNative.NotImplemented);
        _shownWork = work;
    }

    [UnmanagedCallersOnly]
    private static nint OnMessage(nint window, uint message, nint wParam, nint lParam)
    {
        if (_ofThisThread is not { } windows || message is not (WindowNative.Close or WindowNative.QueryEndSession or WindowNative.EndSession))
        {
            return WindowNative.DefaultProcedure(window, message, wParam, lParam);
        }

        try
        {
            return windows.Received(window, message, wParam, lParam);
        }
#pragma warning disable CA1031 // There is no caller to throw at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SignalStreamsEventSource.Log.ConsumerFailed(nameof(HiddenWindows), e.ToString());

            // The default for a close message is to destroy the window. For the question whether the session may end it is yes.
            return message == WindowNative.QueryEndSession ? 1 : 0;
        }
    }

    private nint Received(nint window, uint message, nint wParam, nint lParam)
    {
        switch (message)
        {
            case WindowNative.Close:
                // Not passed on: the default is to destroy the window, which others need who listen to the end of the session alone.
                arrivals.Arrived(ShutdownSignal.SIGTERM, window == _messageOnly ? EventPath.MessageOnlyWindow : EventPath.TopLevelWindow, _posted);
                return 0;

            case WindowNative.QueryEndSession:
                // A reason has no effect where the answer is yes. The user may overrule a no, which an installer has nobody to do.
                ReportWork();
                return _mayRefuse && (lParam & (WindowNative.EndSessionCritical | WindowNative.EndSessionCloseApp)) == 0 ? 0 : 1;

            case WindowNative.EndSession when wParam != 0:
                var @event = EventOf(lParam);
                if (arrivals.Arrived(@event, EventPath.TopLevelWindow))
                {
                    // The session, and this process with it, may end as soon as this returns.
                    arrivals.Hold(@event);
                }

                return 0;

            default:
                return 0;
        }
    }

    // Not by the runtime's TickCount, which need not be the clock of messages. The difference holds when the ticks begin anew.
    private long TimestampOf(uint tick) => arrivals.TimestampBefore(TimeSpan.FromMilliseconds(int.Max(0, unchecked((int)(WindowNative.GetTickCount() - tick)))));

    /// <summary>WM_ENDSESSION, "lParam": a logoff, or an installer that wants this program alone to close, or else the end of the system.</summary>
    internal static ShutdownSignal EventOf(nint endSession) =>
        (endSession & WindowNative.EndSessionLogoff) != 0 ? ShutdownSignal.CTRL_LOGOFF_EVENT
        : (endSession & WindowNative.EndSessionCloseApp) != 0 ? ShutdownSignal.SIGTERM
        : ShutdownSignal.CTRL_SHUTDOWN_EVENT;
}
