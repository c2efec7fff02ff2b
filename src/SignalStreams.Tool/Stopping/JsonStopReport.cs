namespace SignalStreams.Tool;

/// <summary>A JSON object for each step and each outcome.</summary>
internal sealed class JsonStopReport : IStopReport
{
    public void Stepped(StopTask task, StopStep step) => SafeOutput.Line(StopJson.Step(task, step));

    public void Ended(StopTask task) => SafeOutput.Line(StopJson.Outcome(task));

    public Task ShowAsync(IReadOnlyList<StopTask> tasks, Task all) => all;
}
