namespace SignalStreams;

/// <summary>One process, as /proc/PID/stat shows it (proc_pid_stat(5)).</summary>
internal readonly record struct ProcessEntry(int Id, string Name, char State, int Parent, int Group, int Session, long StartTime)
{
    /// <summary>Whether it has ended, and only waits to be reaped.</summary>
    public bool IsDead => State is 'Z' or 'X';

    public ProcessIdentity Identity => new() { Id = Id, StartTime = StartTime, Name = Name };
}
