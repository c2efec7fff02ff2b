namespace SignalStreams.Tool;

/// <summary>Shows nothing.</summary>
internal sealed class QuietStopReport : IStopReport
{
    public void Stepped(StopTask task, StopStep step)
    {
    }

    public void Ended(StopTask task)
    {
    }

    public Task ShowAsync(IReadOnlyList<StopTask> tasks, Task all) => all;
}
