namespace SignalStreams.DocsTests.Support;

/// <summary>Waits that end in a failure instead of never.</summary>
internal static class Patience
{
    // Generous: it is only ever used up by a failure.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task WithLimit(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> WithLimit<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    /// <summary>Waits for a condition that no event tells of.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"Waited in vain for {what}.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
