using System.ComponentModel;
using System.Diagnostics;

namespace SignalStreams;

// What is opened goes to the scope, which disposes it.
#pragma warning disable CA2000

/// <summary>Windows: handles and creation times, console events, close messages, jobs.</summary>
/// <remarks>What decides is here and below, and can be tested on every platform; what calls the system is behind <see cref="IWindowsProcessApi"/>.</remarks>
internal sealed class WindowsProcessPlatform : IProcessPlatform
{
    private readonly IWindowsProcessApi _api;
    private readonly WindowsGroupLeaders _leaders = new();
    private readonly WindowsSender _sender;

    public WindowsProcessPlatform(IWindowsProcessApi api)
    {
        _api = api;
        _sender = new(api, _leaders);
    }

    public ProcessIdentity? Identify(int processId)
    {
        var error = _api.Open(processId, out var process);
        using (process)
        {
            return process is { HasExited: false } ? process.Identity
                // Somebody has the id, and we may not even look at him.
                : error == WindowsError.AccessDenied ? new ProcessIdentity { Id = processId }
                : null;
        }
    }

    public ProcessIdentity? Identify(Process process)
    {
        try
        {
            var error = _api.Open(process, out var opened);
            using (opened)
            {
                if (opened is not { HasExited: false })
                {
                    return error == WindowsError.AccessDenied ? new ProcessIdentity { Id = process.Id } : null;
                }

                if (IsGroupLeader(process))
                {
                    _leaders.Add(opened.Identity);
                }

                return opened.Identity;
            }
        }
        catch (InvalidOperationException) when (HasExited(process))
        {
            return null;
        }
    }

    public SendResult Send(ProcessTarget target, ShutdownSignal signal, int? value)
    {
        ThrowIfGroup(target);
        if (target.Kind == ProcessTargetKind.Tree)
        {
            using var scope = Open(target, isForStop: false);
            return SendToAll(scope, signal, value);
        }

        var error = OpenTarget(target.Identity, out var process);
        using (process)
        {
            return process is null ? WindowsError.ToOutcome(error) : _sender.Send(process, signal, value);
        }
    }

    public IStopScope Open(ProcessTarget target) => Open(target, isForStop: true);

    public IStartedChild Start(ChildStart start)
    {
        var command = WindowsChildStart.From(start, WindowsChildStart.ConsoleFor(start, _api));
        return new JobChild(_api, _sender, _leaders, _api.CreateChild(command));
    }

    public string? WhyNotDeliverable(ProcessIdentity process, ShutdownSignal signal, int? value)
    {
        _ = OpenTarget(process, out var opened);
        using (opened)
        {
            return opened is null ? null : _sender.WhyNot(opened, signal, value);
        }
    }

    private IStopScope Open(ProcessTarget target, bool isForStop)
    {
        ThrowIfGroup(target);
        var key = (target.Kind, target.Identity);
        if (OpenTarget(target.Identity, out var process) == WindowsError.AccessDenied)
        {
            return new WindowsDeniedScope(_api, target.Identity, target.ToString(), key);
        }

        return target.Kind == ProcessTargetKind.Tree
            ? new WindowsTreeScope(_api, _sender, process, target.ToString(), key, isForStop)
            : new WindowsProcessScope(_api, _sender, process, target.ToString(), key);
    }

    private static void ThrowIfGroup(ProcessTarget target)
    {
        if (target.Kind == ProcessTargetKind.Group)
        {
            throw new PlatformNotSupportedException("Windows tells nobody who belongs to a process group. Stop a tree, or start the process with SupervisedProcess, which puts it into a job.");
        }
    }

    private static SendResult SendToAll(IStopScope scope, ShutdownSignal signal, int? value)
    {
        if (value is not null)
        {
            return SendOutcome.NotDeliverable;
        }

        return SendResult.OfAll([.. scope.Look().Select(process => scope.Send(process, signal))]);
    }

    // Set only where this very object has started the process.
    private static bool IsGroupLeader(Process process)
    {
        try
        {
#pragma warning disable CA1416 // Asked on Windows only; elsewhere by tests.
            return OperatingSystem.IsWindows() && process.StartInfo.CreateNewProcessGroup;
#pragma warning restore CA1416
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool HasExited(Process process)
    {
        try
        {
            return process.HasExited;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    // The handle keeps the id from here on; the creation time says whether it is still the same process.
    private int OpenTarget(ProcessIdentity identity, out IWindowsProcess? process)
    {
        var error = _api.Open(identity.Id, out process);
        if (process is null || process.Identity == identity)
        {
            return error;
        }

        process.Dispose();
        process = null;
        return WindowsError.InvalidParameter;
    }
}
