namespace SignalStreams.Processes.Tests;

/// <summary>Waits for what nobody tells of.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestChild.Limit, $"Within {TestChild.Limit}: {what}.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
