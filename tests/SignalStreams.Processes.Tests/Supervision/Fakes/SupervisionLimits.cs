namespace SignalStreams.Processes.Tests;

internal static class SupervisionLimits
{
    /// <summary>What a test waits for comes within this, or the test fails.</summary>
    public static readonly TimeSpan Test = TimeSpan.FromSeconds(20);

    public static async Task UntilAsync(Func<bool> condition, Action? meanwhile = null)
    {
        for (var end = TimeProvider.System.GetTimestamp(); !condition(); await Task.Delay(2))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(end) < Test, "It did not come to that.");
            meanwhile?.Invoke();
        }
    }
}
