namespace SignalStreams.Tool;

/// <summary>How a launch was stopped: who was asked when, and how long each took. Times count from the first request.</summary>
internal sealed record LaunchTimeline(string LaunchName, TimeSpan Elapsed, IReadOnlyList<TimelineRequest> Requests, IReadOnlyList<TimelineTask> Tasks)
{
    /// <summary>The same in the form that the library prints.</summary>
    public ShutdownTimeline ToShutdownTimeline() => new(
        Requests.Count > 0 ? Requests[0].Text : "the end of all tasks",
        ShutdownState.Ended,
        Elapsed,
        [
            .. Requests.Select(request => (At: request.At, Entry: new ShutdownTimelineEntry(TimelineEntryKind.Request, request.Text, request.At, TimeSpan.Zero, TimelineOutcome.Done)))
                .Concat(Tasks.Select(task => (At: task.AskedAt ?? task.EndedAt ?? TimeSpan.Zero, Entry: Entry(task))))
                .OrderBy(pair => pair.At)
                .Select(pair => pair.Entry),
        ]);

    private ShutdownTimelineEntry Entry(TimelineTask task)
    {
        var start = task.AskedAt ?? task.EndedAt ?? TimeSpan.Zero;
        return new ShutdownTimelineEntry(
            TimelineEntryKind.Child,
            task.ToString(),
            start,
            (task.EndedAt ?? Elapsed) - start,
            task.Fate switch
            {
                TaskFate.NotStarted => TimelineOutcome.Skipped,
                TaskFate.Killed => TimelineOutcome.GivenUp,
                TaskFate.StillAlive => TimelineOutcome.Running,
                _ => TimelineOutcome.Done,
            });
    }
}
