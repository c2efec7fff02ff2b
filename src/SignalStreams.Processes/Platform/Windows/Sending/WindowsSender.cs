namespace SignalStreams;

/// <summary>Brings a signal to a process whose handle is held, by the way that <see cref="WindowsSendTable"/> chooses.</summary>
internal sealed class WindowsSender(IWindowsProcessApi api, WindowsGroupLeaders leaders)
{
    /// <summary>The exit code of what SIGKILL ended: that which Process.Kill gives.</summary>
    public const int KilledExitCode = -1;

    /// <summary>Sends a signal.</summary>
    /// <param name="process">To whom. Its handle keeps its id from being given to another process meanwhile.</param>
    /// <param name="signal">What.</param>
    /// <param name="value">A value for it, which Windows cannot send.</param>
    /// <param name="family">Who may be hit by the event that is meant for it: <see cref="ConsoleHelperCall.Everybody"/> where its console was made for it;
    /// null for its descendants.</param>
    public SendResult Send(IWindowsProcess process, ShutdownSignal signal, int? value, IReadOnlyCollection<int>? family = null)
    {
        if (process.HasExited)
        {
            return SendOutcome.Gone;
        }

        signal = signal.Normalize();
        var plan = Choose(process, signal, value, out var windows);
        return plan.Route switch
        {
            WindowsSendRoute.Terminate => Terminate(process),
            WindowsSendRoute.Windows => Close(process, windows),
            WindowsSendRoute.OwnConsole => SendToGroup(process, plan.Event, windows),
            WindowsSendRoute.ConsoleHelper => SendThroughHelper(process, plan.Event, family),
            _ => new(SendOutcome.NotDeliverable, plan.Reason),
        };
    }

    /// <summary>Why a signal has no way to a process; null when it has one.</summary>
    public string? WhyNot(IWindowsProcess process, ShutdownSignal signal, int? value) => Choose(process, signal.Normalize(), value, out _).Reason;

    /// <summary>Which way a signal takes to a process.</summary>
    public WindowsSendRoute RouteTo(IWindowsProcess process, ShutdownSignal signal) => Choose(process, signal.Normalize(), value: null, out _).Route;

    private WindowsSendPlan Choose(IWindowsProcess process, ShutdownSignal signal, int? value, out IReadOnlyList<WindowsWindow> windows)
    {
        var id = process.Identity.Id;
        windows = signal == ShutdownSignal.SIGTERM ? ClosableWindows.Choose(api.Windows(id)) : [];
        return WindowsSendTable.Choose(signal, value, new(
            IsOurselves: id == api.OwnProcessId,
            SharesOurConsole: api.ConsoleProcesses().Contains(id),
            LeadsGroup: leaders.Contains(process.Identity),
            HasWindows: windows.Count > 0,
            api.HasConsoleHelper));
    }

    private static SendOutcome Terminate(IWindowsProcess process)
    {
        var error = process.Terminate(KilledExitCode);
        // TerminateProcess denies access to a process that is ending already.
        return error == WindowsError.AccessDenied && process.HasExited ? SendOutcome.Gone : WindowsError.ToOutcome(error);
    }

    private SendResult Close(IWindowsProcess process, IReadOnlyList<WindowsWindow> windows)
    {
        var (outcome, last) = (SendOutcome.Gone, WindowsError.None);
        foreach (var window in windows)
        {
            var error = api.PostClose(window.Handle);
            if (error == WindowsError.None)
            {
                outcome = SendOutcome.Sent;
            }
            else if (error == WindowsError.AccessDenied && outcome != SendOutcome.Sent)
            {
                // User Interface Privilege Isolation: its integrity is higher than ours.
                outcome = SendOutcome.NotPermitted;
            }

            last = error;
        }

        // All its windows went away between the look and the message.
        return outcome == SendOutcome.Gone && !process.HasExited
            ? new SendResult(SendOutcome.NotDeliverable, FormattableString.Invariant($"none of its windows took the message (error {last})."))
            : outcome;
    }

    private SendResult SendToGroup(IWindowsProcess process, ConsoleEvent consoleEvent, IReadOnlyList<WindowsWindow> windows)
    {
        var error = api.SendConsoleEvent(consoleEvent, process.Identity.Id);
        return error == WindowsError.None ? SendOutcome.Sent
            : process.HasExited ? SendOutcome.Gone
            // Looked up for SIGTERM alone: a system that refuses the event may still take the message.
            : windows.Count > 0 ? Close(process, windows)
            : new SendResult(SendOutcome.NotDeliverable, FormattableString.Invariant($"the system refused the console event (error {error})."));
    }

    private SendResult SendThroughHelper(IWindowsProcess process, ConsoleEvent consoleEvent, IReadOnlyCollection<int>? family)
    {
        var id = process.Identity.Id;
        var (result, detail) = family is not null ? api.RunConsoleHelper(new(id, consoleEvent, Group: 0, api.OwnProcessId, family))
            : leaders.Contains(process.Identity)
            ? api.RunConsoleHelper(new(id, consoleEvent, Group: id, api.OwnProcessId, []))
            : api.RunConsoleHelper(new(id, consoleEvent, Group: 0, api.OwnProcessId, Family(process)));
        var reason = result switch
        {
            ConsoleHelperResult.NoConsole => "it has no console; SIGTERM reaches its windows, and SIGKILL always",
            ConsoleHelperResult.CallerAttached => "it shares the console of this process, which would be hit too",
            ConsoleHelperResult.OthersAttached => "others than its descendants share its console, and a console event would hit them too",
            ConsoleHelperResult.Interrupted => "the console helper was ended before it could send the event",
            ConsoleHelperResult.NotStarted => "the console helper could not be run out of the folder for temporary files",
            ConsoleHelperResult.NotWritten => "the console helper could not be written to the folder for temporary files",
            ConsoleHelperResult.NotEnded => "the console helper did not end",
            _ => "the system refused the console event",
        };
        return result switch
        {
            ConsoleHelperResult.Sent => SendOutcome.Sent,
            ConsoleHelperResult.Gone => SendOutcome.Gone,
            ConsoleHelperResult.NotPermitted => SendOutcome.NotPermitted,
            _ => process.HasExited ? SendOutcome.Gone : new SendResult(SendOutcome.NotDeliverable, detail is null ? $"{reason}." : $"{reason} ({detail})."),
        };
    }

    // The process and its descendants: whoever else shares its console must not be hit.
    private List<int> Family(IWindowsProcess process)
    {
        using var tree = new WindowsTree(api);
        tree.Add(process, parentId: 0, isOurs: false);
        tree.Grow();
        return [.. tree.Alive().Select(identity => identity.Id)];
    }
}
