namespace SignalStreams.Tool;

/// <summary>One task during a stop.</summary>
/// <param name="Name">Its name.</param>
/// <param name="AskedAt">When it was sent the first signal; null when it was sent none.</param>
/// <param name="EndedAt">When it was gone; null when it never was, or had not been started.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="ExitStatus">How it ended.</param>
/// <param name="Marks">What it was sent.</param>
internal sealed record TimelineTask(
    string Name, TimeSpan? AskedAt, TimeSpan? EndedAt, TaskFate Fate, ProcessExitStatus? ExitStatus, IReadOnlyList<TimelineMark> Marks)
{
    public override string ToString() => ExitStatus is { } status ? $"{Name} ({status})" : Name;
}
