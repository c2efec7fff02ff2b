namespace SignalStreams;

/// <summary>What keeps a child's descendants together, and ends them when the process that started it is gone, killed included.</summary>
[Flags]
public enum ProcessContainment
{
    /// <summary>Nothing does.</summary>
    None = 0,

    /// <summary>It leads a session or a process group of its own (setsid(2)): descendants that make one of their own escape.</summary>
    Group = 1,

    /// <summary>A keeper process of the library's is the reaper of all descendants (PR_SET_CHILD_SUBREAPER), and kills them when this process is gone:
    /// none escapes.</summary>
    Keeper = 2,

    /// <summary>A control group of its own, which is killed as a whole (cgroups(7), cgroup.kill): none escapes.</summary>
    ControlGroup = 4,

    /// <summary>A job object of Windows, which ends them all when its last handle is closed.</summary>
    Job = 8,
}
