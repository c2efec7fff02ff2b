using System.Diagnostics;

namespace SignalStreams;

/// <summary>Linux, by pidfd and /proc, and what other Unix systems have of it.</summary>
internal sealed class UnixProcessPlatform : IProcessPlatform
{
    private readonly IProcessTable _table = ProcessTable.Shared;
    private readonly ProcessSender _sender;
    private readonly int _descriptorLimit;

    /// <param name="usesDescriptors">False to do without pidfd, as on a kernel that has none (before Linux 5.3).</param>
    public UnixProcessPlatform(bool usesDescriptors = true)
    {
        usesDescriptors &= OperatingSystem.IsLinux();
        _sender = new ProcessSender(_table, usesDescriptors);
        Watcher = new ExitWatcher(_table);

        // A quarter, so that stopping thousands leaves descriptors to the rest of the program; the others are looked at.
        _descriptorLimit = usesDescriptors ? (int)(UnixCalls.DescriptorLimit() / 4) : 0;
    }

    /// <summary>Tells when processes end.</summary>
    internal ExitWatcher Watcher { get; }

    public ProcessIdentity? Identify(int processId) =>
        _table.Find(processId, out var process) == ProcessLookup.Found && !(OperatingSystem.IsLinux() && ProcFileTable.IsThread(processId)) ? process.Identity : null;

    // While the object says that its process lives, the id is that process's.
    public ProcessIdentity? Identify(Process process) =>
        !process.HasExited && Identify(process.Id) is { } identity && !process.HasExited ? identity : null;

    public IReadOnlyList<ProcessIdentity> GroupMembers(int groupId) =>
        [.. _table.ReadAll().Where(process => process.Group == groupId && !process.IsEnded).Select(process => process.Identity)];

    public bool IsStopped(ProcessIdentity process) =>
        _table.Find(process.Id, out var now) == ProcessLookup.Found && now.IsStopped && now.Identity == process;

    public SendResult Send(ProcessTarget target, ShutdownSignal signal, int? value)
    {
        if (SignalTable.Current.NumberOf(signal) is not { } number)
        {
            return SendOutcome.NotDeliverable;
        }

        if (target.Kind == ProcessTargetKind.Process)
        {
            return _sender.Send(target.Identity, null, number, value);
        }

        var members = MembersOf(target, isForStop: false).Find();
        var group = target.Identity.Id;
        if (target.Kind == ProcessTargetKind.Group && value is null && members.Count > 0 && SignalStreams.GroupMembers.CanBeSignalled(group))
        {
            return ProcessSender.SendTo(-group, number, null);
        }

        var total = SendOutcome.Gone;
        foreach (var member in members)
        {
            total = Total(total, _sender.Send(member, null, number, value));
        }

        return total;
    }

    public IStopScope Open(ProcessTarget target) => new UnixStopScope(target, MembersOf(target, isForStop: true), _table, _sender, Watcher, _descriptorLimit);

    public IStartedChild Start(ChildStart start) => UnixChildStarter.Start(start);

    // Sent to one is sent; otherwise what can be done something about comes first.
    private static SendOutcome Total(SendOutcome one, SendOutcome other) => Rank(one) <= Rank(other) ? one : other;

    private static int Rank(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Sent => 0,
        SendOutcome.NotPermitted => 1,
        SendOutcome.NotDeliverable => 2,
        _ => 3,
    };

    private IProcessMembers MembersOf(ProcessTarget target, bool isForStop) => target.Kind switch
    {
        ProcessTargetKind.Group => new GroupMembers(target, _table, isForStop),
        ProcessTargetKind.Tree => new TreeMembers(target.Identity, _table, isForStop),
        _ => new SingleProcessMembers(target.Identity, _table),
    };
}
