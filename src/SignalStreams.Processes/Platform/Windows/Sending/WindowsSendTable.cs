namespace SignalStreams;

// SIGKILL stands for TerminateProcess here, and the table is asked on every platform by its tests.
#pragma warning disable CA1416

/// <summary>Which signal takes which way to which process.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A console event goes to a process group or to all who are attached to a console, never to one process. Group 0 of our own console is us, so
/// it is never used; nor is the id of a process that is not known to lead a group: Windows takes such an id for group 0.</item>
/// <item>SIGTERM is the polite request that serves best: Ctrl-Break to a console program that we started, WM_CLOSE to whoever has windows, as taskkill
/// does, and Ctrl-Break to a program with a console of its own.</item>
/// </list>
/// </remarks>
internal static class WindowsSendTable
{
    public static WindowsSendPlan Choose(ShutdownSignal signal, int? value, in WindowsSendFacts facts)
    {
        if (value is not null)
        {
            return WindowsSendPlan.Unreachable("Windows has no signals that carry a value; send it without one.");
        }

        return signal switch
        {
            ShutdownSignal.SIGKILL => new(WindowsSendRoute.Terminate),
            ShutdownSignal.SIGINT => ThroughConsole(ConsoleEvent.ControlC, facts),
            ShutdownSignal.SIGBREAK or ShutdownSignal.SIGQUIT => ThroughConsole(ConsoleEvent.ControlBreak, facts),
            ShutdownSignal.SIGTERM => Politely(facts),
            _ => WindowsSendPlan.Unreachable(
                $"Windows cannot send {signal.GetName()} to another process. It can send SIGINT (Ctrl-C), SIGBREAK (Ctrl-Break), SIGTERM (a close message) and SIGKILL."),
        };
    }

    private static WindowsSendPlan Politely(in WindowsSendFacts facts)
    {
        if (facts is { LeadsGroup: true, SharesOurConsole: true, IsOurselves: false })
        {
            return new(WindowsSendRoute.OwnConsole, ConsoleEvent.ControlBreak);
        }

        if (facts.HasWindows)
        {
            return new(WindowsSendRoute.Windows);
        }

        // A console program that has a console of its own, hidden or not; the helper sees to it that nobody else is hit.
        return facts is { SharesOurConsole: false, HasConsoleHelper: true, IsOurselves: false }
            ? new(WindowsSendRoute.ConsoleHelper, ConsoleEvent.ControlBreak)
            : WindowsSendPlan.Unreachable("it has no window that could be asked to close, and no console event reaches it alone. SIGKILL ends it.");
    }

    private static WindowsSendPlan ThroughConsole(ConsoleEvent consoleEvent, in WindowsSendFacts facts)
    {
        if (facts.IsOurselves)
        {
            return WindowsSendPlan.Unreachable("a console event to this process would hit all who share its console; Signals.Raise raises one here.");
        }

        if (facts.SharesOurConsole)
        {
            return facts.LeadsGroup
                ? new(WindowsSendRoute.OwnConsole, consoleEvent)
                : WindowsSendPlan.Unreachable(
                    "it shares the console of this process and is not known to lead a process group, so that the event would hit this process too. Start it with SupervisedProcess, or with ProcessStartInfo.CreateNewProcessGroup.");
        }

        return facts.HasConsoleHelper
            ? new(WindowsSendRoute.ConsoleHelper, consoleEvent)
            : WindowsSendPlan.Unreachable("it has another console than this process, or none, and this build of the library has no console helper: there was no C compiler for Windows.");
    }
}
