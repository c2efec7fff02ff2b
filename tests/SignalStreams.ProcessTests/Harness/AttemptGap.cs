namespace SignalStreams.ProcessTests;

/// <summary>The time that makes two of the same signal two attempts.</summary>
internal static class AttemptGap
{
    /// <summary>Lets it pass. Nothing but time tells two attempts by one signal apart, and the first has been seen by the child: however slow the
    /// machine is, the second comes later than the hub's 100 ms after it.</summary>
    public static Task PassAsync() => Task.Delay(TimeSpan.FromMilliseconds(150), TestContext.Current.CancellationToken);
}
