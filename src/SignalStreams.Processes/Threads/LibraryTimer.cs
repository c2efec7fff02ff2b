namespace SignalStreams;

/// <summary>A timer of <see cref="LibraryTime"/>.</summary>
/// <remarks>What is not private is the clock's, and under its lock.</remarks>
internal sealed class LibraryTimer(LibraryTime time, TimerCallback callback, object? state) : ITimer, IThreadPoolWorkItem
{
    public Deadline Due { get; set; }

    /// <summary>Tells those apart that are due at the same time.</summary>
    public long Number { get; set; }

    public bool IsOver { get; set; }

    public static int Compare(LibraryTimer one, LibraryTimer other) => one.Due.CompareTo(other.Due) is not 0 and var order ? order : one.Number.CompareTo(other.Number);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        time.Set(this, dueTime == Timeout.InfiniteTimeSpan ? null : dueTime);
        return true;
    }

    /// <summary>It is due. The callbacks of the runtime's own tasks throw nothing.</summary>
    public void Execute()
    {
        if (!time.IsOver(this))
        {
            callback(state);
        }
    }

    public void Dispose() => time.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
