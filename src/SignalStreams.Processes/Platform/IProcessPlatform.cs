using System.Diagnostics;

namespace SignalStreams;

/// <summary>What an operating system does for signals to other processes. One class for each, chosen in <see cref="ProcessPlatform"/>.</summary>
internal interface IProcessPlatform
{
    /// <summary>Who has this id now; null when nobody has, or it has ended and waits to be reaped.</summary>
    ProcessIdentity? Identify(int processId);

    /// <summary>Which process this is, by its handle and not by its id; null when it has ended.</summary>
    ProcessIdentity? Identify(Process process);

    /// <summary>Who belongs to a process group now. Empty when there is no such group.</summary>
    /// <exception cref="PlatformNotSupportedException">There are no such groups here.</exception>
    IReadOnlyList<ProcessIdentity> GroupMembers(int groupId) =>
        throw new PlatformNotSupportedException("Windows has no process groups that could be looked into. Take the tree of a process instead.");

    /// <summary>Whether a process is stopped (SIGSTOP, SIGTSTP) and can answer no signal until it is continued.</summary>
    bool IsStopped(ProcessIdentity process) => false;

    /// <summary>Sends a signal to all that belong to a target.</summary>
    SendResult Send(ProcessTarget target, ShutdownSignal signal, int? value);

    /// <summary>Opens what a stop works on.</summary>
    IStopScope Open(ProcessTarget target);

    /// <summary>Starts a child.</summary>
    /// <exception cref="ProcessStartException">It could not be started.</exception>
    IStartedChild Start(ChildStart start);

    /// <summary>For messages: why a signal cannot be brought to a process, and what can; null where the platform knows no more than the outcome.</summary>
    string? WhyNotDeliverable(ProcessIdentity process, ShutdownSignal signal, int? value) => null;
}
