using System.Diagnostics;

namespace SignalStreams;

/// <summary>What is signalled or stopped: a process, a process group, or a process with all its descendants.</summary>
/// <remarks>Which process an id means is settled when the target is made: an id that is given to another process later is never hit. (On Linux
/// through pidfd_open(2) or the start time, on Windows through a handle.)</remarks>
public sealed class ProcessTarget
{
    private ProcessTarget(ProcessTargetKind kind, ProcessIdentity identity)
    {
        Kind = kind;
        Identity = identity;
    }

    /// <summary>What it is.</summary>
    public ProcessTargetKind Kind { get; }

    /// <summary>The process, the leader of the group, or the root of the tree.</summary>
    public ProcessIdentity Identity { get; }

    /// <summary>One process.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not positive: kill(2) gives 0 and negative ids another meaning.</exception>
    public static ProcessTarget Process(int processId) => throw new NotSupportedException();

    /// <inheritdoc cref="Process(int)"/>
    public static ProcessTarget Process(Process process) => throw new NotSupportedException();

    /// <summary>All processes of a process group, by the id of the group (setpgid(2)).</summary>
    /// <exception cref="PlatformNotSupportedException">Windows has no groups of this kind that could be looked into.</exception>
    public static ProcessTarget Group(int groupId) => throw new NotSupportedException();

    /// <summary>A process and all its descendants, also those that are born while it is being stopped.</summary>
    /// <remarks>Not found are descendants whose parents had ended before the first look, unless the process was started with
    /// <see cref="SupervisedProcess"/>.</remarks>
    public static ProcessTarget Tree(int processId) => throw new NotSupportedException();

    /// <inheritdoc cref="Tree(int)"/>
    public static ProcessTarget Tree(Process process) => throw new NotSupportedException();

    /// <summary>"process 12 (bash)", "group 12 (bash)", "the tree of process 12 (bash)".</summary>
    public override string ToString() => "";
}
