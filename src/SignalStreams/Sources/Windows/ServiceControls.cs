using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

// The events are named on every platform, so that a test can run the source on any.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>The controls of the service control manager, to a process that it has started.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>From the first listener on the service is reported as running. It is a service for the rest of its life: there is no way back.</item>
/// <item>"Stop" is SIGTERM; "shutdown" and "preshutdown" are CTRL_SHUTDOWN_EVENT.</item>
/// <item>While those who were asked are at work the manager is told so each second, by a check point (SetServiceStatus, SERVICE_STATUS). It is told of the end
/// as the last thing before the process ends, with its exit code.</item>
/// </list>
/// </remarks>
internal sealed unsafe class ServiceControls(EventArrivals arrivals, IProcessExit exit) : IEventFeed
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // For the manager to wait until the next check point, and, after the last, until the process has ended.
    private static readonly TimeSpan Hint = TimeSpan.FromSeconds(20);

    private static ServiceControls? _ofThisProcess;

    private readonly Lock _gate = new();
    private bool _isStarted;
    private bool _isReporting;
    private nint _service;
    private uint _state = ServiceNative.Running;
    private uint _checkPoint;

    public string Name => "service controls";

    public bool Serves(ShutdownSignal @event) => @event is ShutdownSignal.SIGTERM or ShutdownSignal.CTRL_SHUTDOWN_EVENT;

    public void Claim(ShutdownSignal @event)
    {
        if (!OperatingSystem.IsWindows() || _isStarted)
        {
            return;
        }

        _isStarted = true;
        _ofThisProcess = this;
        exit.AtEnd(Ended);
        DetachedThread.Start("service", Dispatch);
    }

    [SupportedOSPlatform("windows")]
    private static void Dispatch()
    {
        // The name is of no account to a process with one service.
        fixed (char* name = "")
        {
            var table = stackalloc ServiceNative.TableEntry[2];
            table[0] = new ServiceNative.TableEntry { Name = name, Main = &ServiceMain };
            table[1] = default;
            if (ServiceNative.StartDispatcher(table) == 0 && Marshal.GetLastPInvokeError() is var error and not (ServiceNative.AlreadyRunning or ServiceNative.NotAService))
            {
                SignalStreamsEventSource.Log.NoServiceControls(new Win32Exception(error).Message);
            }
        }
    }

    [UnmanagedCallersOnly]
    private static void ServiceMain(uint count, char** arguments) => _ofThisProcess!.Register(count > 0 ? arguments[0] : null);

    [UnmanagedCallersOnly]
    private static uint OnControl(uint control, uint type, nint data, nint context) => _ofThisProcess!.Received(control);

    [SupportedOSPlatform("windows")]
    private void Register(char* name)
    {
        fixed (char* none = "")
        {
            var service = ServiceNative.RegisterHandler(name is null ? none : name, &OnControl, 0);
            if (service == 0)
            {
                SignalStreamsEventSource.Log.NoServiceControls(Marshal.GetLastPInvokeErrorMessage());
                return;
            }

            lock (_gate)
            {
                _service = service;
                Report();
            }
        }
    }

    private uint Received(uint control)
    {
        switch (control)
        {
            case ServiceNative.ControlStop:
                Asked(ShutdownSignal.SIGTERM);
                return ServiceNative.NoError;
            case ServiceNative.ControlShutdown or ServiceNative.ControlPreShutdown:
                Asked(ShutdownSignal.CTRL_SHUTDOWN_EVENT);
                return ServiceNative.NoError;
            case ServiceNative.ControlInterrogate:
                return ServiceNative.NoError;
            default:
                return ServiceNative.NotImplemented;
        }
    }

    private void Asked(ShutdownSignal @event)
    {
        bool isFirst;
        lock (_gate)
        {
            if (_state == ServiceNative.Stopped)
            {
                return;
            }

            isFirst = !_isReporting;
            _isReporting = true;
            _state = ServiceNative.StopPending;
            _checkPoint++;
            Report();
        }

        if (!arrivals.Arrived(@event, EventPath.Service))
        {
            exit.EndNow(@event);
        }

        // Not here: the manager sends its next control when this returns.
        if (isFirst)
        {
            DetachedThread.Start("service status", () => ReportUntilHandled(@event));
        }
    }

    private void ReportUntilHandled(ShutdownSignal @event)
    {
        while (!arrivals.WaitUntilHandled(@event, Interval))
        {
            lock (_gate)
            {
                if (_state == ServiceNative.Stopped)
                {
                    // The last report has the exit code.
                    return;
                }

                _checkPoint++;
                Report();
            }
        }

        lock (_gate)
        {
            _isReporting = false;
        }
    }

    // The last thing that the process does.
    private void Ended(EndStatus status)
    {
        lock (_gate)
        {
            if (_service == 0 || _state == ServiceNative.Stopped)
            {
                return;
            }

            // Who ends by the signal that the manager sent has done as it was told, and that is no failure.
            var isAsAsked = _state == ServiceNative.StopPending && status.Code == EndStatus.By(ShutdownSignal.SIGTERM).Code;
            _state = ServiceNative.Stopped;
            _checkPoint = 0;
            Report(isAsAsked ? 0 : status.Code);
        }
    }

    private void Report(int exitCode = 0)
    {
        if (_service == 0)
        {
            return;
        }

        var status = new ServiceNative.Status
        {
            Type = ServiceNative.OwnProcess,
            State = _state,
            Accepted = _state == ServiceNative.Running ? ServiceNative.AcceptStop | ServiceNative.AcceptShutdown | ServiceNative.AcceptPreShutdown : 0,
            ExitCode = exitCode == 0 ? ServiceNative.NoError : ServiceNative.ServiceSpecificError,
            OwnExitCode = (uint)exitCode,
            CheckPoint = _checkPoint,
            WaitHint = _state == ServiceNative.StopPending ? (uint)Hint.TotalMilliseconds : 0,
        };
        _ = ServiceNative.SetServiceStatus(_service, &status);
    }
}
