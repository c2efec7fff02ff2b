namespace SignalStreams.Tool;

/// <summary>What is forwarded to a child.</summary>
internal static class ForwardedSignals
{
    /// <summary>All that can be caught, but SIGCHLD, which is about our own children, and SIGSYS, which tells of a fault of our own; as tini and dumb-init.</summary>
    public static ShutdownSignal[] All
    {
        get
        {
            var signals = new List<ShutdownSignal>(64);
            foreach (var signal in SignalList.Listenable)
            {
#pragma warning disable CA1416 // Not on Windows: what it does not have is not in the list.
                if (signal != ShutdownSignal.SIGCHLD && signal.GetName() != "SIGSYS")
#pragma warning restore CA1416
                {
                    signals.Add(signal);
                }
            }

            return [.. signals];
        }
    }

#pragma warning disable CA1416 // Names of Windows; elsewhere they never come.
    /// <summary>Whether Windows ends the process, and with it its children, as soon as the signal has been dealt with (HandlerRoutine, "Remarks").</summary>
    public static bool EndsHere(ShutdownSignal signal) =>
        signal is ShutdownSignal.CTRL_CLOSE_EVENT or ShutdownSignal.CTRL_LOGOFF_EVENT or ShutdownSignal.CTRL_SHUTDOWN_EVENT;

    /// <summary>Whether all who are on the console of Windows get the signal, a child of ours too.</summary>
    public static bool IsOfWholeConsole(SignalDelivery delivery) =>
        OperatingSystem.IsWindows() && delivery.Origin.Kind == SignalOriginKind.Console && delivery.Signal is ShutdownSignal.SIGINT or ShutdownSignal.SIGBREAK;
#pragma warning restore CA1416

    /// <summary>Whether the signal stops a process as a terminal does.</summary>
#pragma warning disable CA1416
    public static bool IsTerminalStop(ShutdownSignal signal) => signal is ShutdownSignal.SIGTSTP || IsOfBackground(signal);

    /// <summary>Whether the signal tells a process in the background that it has touched the terminal.</summary>
    public static bool IsOfBackground(ShutdownSignal signal) => signal is ShutdownSignal.SIGTTIN or ShutdownSignal.SIGTTOU;
#pragma warning restore CA1416
}
