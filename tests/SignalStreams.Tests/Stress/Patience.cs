namespace SignalStreams.Tests.Stress;

/// <summary>Waits that end in a failure instead of never.</summary>
internal static class Patience
{
    /// <summary>Far more than anything here takes, on a machine that has much else to do.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task WithLimit(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> WithLimit<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> WithLimit<T>(this ValueTask<T> task) => task.AsTask().WithLimit();

    /// <summary>Waits for a condition that no event tells of.</summary>
    public static async Task UntilAsync(Func<bool> condition, Func<string> complaint)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                Assert.Fail(complaint());
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
