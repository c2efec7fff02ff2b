namespace SignalStreams.Tool;

/// <summary>Shows how a stop goes on. Called from several threads.</summary>
internal interface IStopReport
{
    /// <summary>A signal has been sent.</summary>
    void Stepped(StopTask task, StopStep step);

    /// <summary>One has ended, or been given up.</summary>
    void Ended(StopTask task);

    /// <summary>Waits for the end of all, and shows meanwhile what there is to see.</summary>
    Task ShowAsync(IReadOnlyList<StopTask> tasks, Task all);
}
