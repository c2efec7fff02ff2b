namespace SignalStreams.Tool;

/// <summary>A line for each step and each outcome.</summary>
internal sealed class PlainStopReport : IStopReport
{
    public void Stepped(StopTask task, StopStep step) => SafeOutput.Line(StopText.Step(task, step));

    public void Ended(StopTask task) => SafeOutput.Line(StopText.Outcome(task));

    public Task ShowAsync(IReadOnlyList<StopTask> tasks, Task all) => all;
}
