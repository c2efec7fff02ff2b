using System.Diagnostics;

namespace SignalStreams;

/// <summary>What is signalled or stopped: a process, a process group, or a process with all its descendants.</summary>
/// <remarks>
/// <para>Which process an id means is settled when the target is made: an id that is given to another process later is never hit. (On Linux
/// through pidfd_open(2) or the start time, on Windows through a handle.)</para>
/// <para>An id that nobody has makes a target as well: what is sent to it is <see cref="SendOutcome.Gone"/>, and a stop of it
/// <see cref="StopResult.AlreadyGone"/>, also when the id is given to somebody afterwards.</para>
/// <para>Immutable, and so thread-safe.</para>
/// </remarks>
public sealed class ProcessTarget
{
    private ProcessTarget(ProcessTargetKind kind, ProcessIdentity identity, bool isFound)
    {
        Kind = kind;
        Identity = identity;
        IsFound = isFound;
    }

    /// <summary>What it is.</summary>
    public ProcessTargetKind Kind { get; }

    /// <summary>The process, the leader of the group, or the root of the tree.</summary>
    /// <remarks>Without a name when nobody had the id, or when the leader of the group had ended already.</remarks>
    public ProcessIdentity Identity { get; }

    /// <summary>Whether anybody was found when the target was made. If nobody was, nobody is ever hit.</summary>
    internal bool IsFound { get; }

    /// <summary>Who belonged to the group when the target was made: by them it is told from a later group of the same id.</summary>
    internal IReadOnlyList<ProcessIdentity> Anchors { get; private init; } = [];

    /// <summary>The object that the target was made from, which knows the exit code of a child; null without.</summary>
    internal Process? Handle { get; private init; }

    /// <summary>One process.</summary>
    /// <param name="processId">Its id. That of a thread stands for nobody.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id is not positive: kill(2) gives 0 and negative ids another meaning.</exception>
    public static ProcessTarget Process(int processId) => Make(ProcessTargetKind.Process, processId);

    /// <summary>One process, by the object and not by its id: one that has ended is never mistaken for another that has its id now.</summary>
    /// <exception cref="InvalidOperationException">The object stands for no process: it was not started, or is disposed.</exception>
    public static ProcessTarget Process(Process process) => Make(ProcessTargetKind.Process, process);

    /// <summary>All processes of a process group, by the id of the group (setpgid(2)).</summary>
    /// <remarks>The leader, whose id the group has, may have ended. It stays the same group for as long as its leader lives, or one that was in it
    /// when the target was made (while it is being stopped: one that has been seen in it).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The id is not positive: kill(2) gives 0 and negative ids another meaning.</exception>
    /// <exception cref="PlatformNotSupportedException">Windows has no groups of this kind that could be looked into.</exception>
    public static ProcessTarget Group(int groupId)
    {
        Check(groupId, nameof(groupId));
        var members = ProcessPlatform.Current.GroupMembers(groupId);
        var leader = members.FirstOrDefault(member => member.Id == groupId, new ProcessIdentity { Id = groupId });
        return new(ProcessTargetKind.Group, leader, members.Count > 0) { Anchors = members };
    }

    /// <summary>A process and all its descendants, also those that are born while it is being stopped.</summary>
    /// <remarks>
    /// <para>Found are: children of those that live; whoever has once been found, also when its parent has ended since; and those whose parent had
    /// ended before anybody looked, if they are still in the session, or in the process group, that one of the tree leads.</para>
    /// <para>Not found are descendants whose parent had ended before the first look and which have a session of their own (a daemon that forks
    /// twice), or which are in a session and group that none of the tree leads; and what a handler of the signal starts just before it ends its
    /// process; unless the process was started with <see cref="SupervisedProcess"/>.</para>
    /// <para>A parent that goes on to its next child when one has been signalled loses none: where the session or the group would not show the new
    /// one, all are stopped (SIGSTOP) while a stop sends them a signal, and continued when all have it. That is not done where somebody of the tree
    /// may not be signalled, where the process is all that is left of a shell's pipeline, or where sudo(8), su(1) or nsenter(1) started it in its own
    /// group, who would stop with it. If this process is killed (SIGKILL) in these milliseconds, the tree stays stopped.</para>
    /// <para>On a Unix other than Linux, where no file says who the parent of a process is, only the session and the group are looked at.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The id is not positive: kill(2) gives 0 and negative ids another meaning.</exception>
    public static ProcessTarget Tree(int processId) => Make(ProcessTargetKind.Tree, processId);

    /// <inheritdoc cref="Tree(int)"/>
    /// <exception cref="InvalidOperationException">The object stands for no process: it was not started, or is disposed.</exception>
    public static ProcessTarget Tree(Process process) => Make(ProcessTargetKind.Tree, process);

    /// <summary>A process that is known already.</summary>
    internal static ProcessTarget Of(ProcessIdentity identity) => new(ProcessTargetKind.Process, identity, isFound: true);

    /// <summary>"process 12 (bash)", "group 12 (bash)", "the tree of process 12 (bash)".</summary>
    public override string ToString() => Kind switch
    {
        ProcessTargetKind.Group => $"group {Identity}",
        ProcessTargetKind.Tree => $"the tree of process {Identity}",
        _ => $"process {Identity}",
    };

    private static ProcessTarget Make(ProcessTargetKind kind, int processId)
    {
        Check(processId, nameof(processId));
        return Make(kind, processId, ProcessPlatform.Current.Identify(processId), null);
    }

    private static ProcessTarget Make(ProcessTargetKind kind, Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return Make(kind, process.Id, ProcessPlatform.Current.Identify(process), process);
    }

    private static ProcessTarget Make(ProcessTargetKind kind, int processId, ProcessIdentity? found, Process? handle) =>
        new(kind, found ?? new ProcessIdentity { Id = processId }, found is not null) { Handle = handle };

    private static void Check(int id, string parameter)
    {
        if (id <= 0)
        {
            throw new ArgumentOutOfRangeException(parameter, id, id switch
            {
                0 => "0 is the id of no process: kill(2) takes it for every process in the group of the caller. Pass the id of a process, or that of a group to ProcessTarget.Group.",
                -1 => "-1 is the id of no process: kill(2) takes it for every process that there is. Pass the id of a process.",
                _ => $"{id} is the id of no process: kill(2) takes a negative id for a process group. Pass {-(long)id} to ProcessTarget.Group for that.",
            });
        }
    }
}
