namespace SignalStreams.Tests;

/// <summary>Waits that end in a failure instead of never.</summary>
internal static class Patience
{
    /// <summary>Far more than anything here takes, on a machine that has much else to do.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task WithLimit(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> WithLimit<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> WithLimit<T>(this ValueTask<T> task) => task.AsTask().WithLimit();

    /// <summary>Waits for a condition that no event tells of.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(condition, () => $"Waited in vain for {what}.");

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
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

    /// <summary>Waits until everybody who listens has dealt with all that was raised.</summary>
    public static Task UntilAllIsReadAsync(TestSignalHub test) =>
        UntilAsync(() => test.Hub.Router.Snapshot().All(subscription => subscription.Listener.IsDone), "all signals to be read");

    /// <summary>Closes the hub once everybody who waits has been woken, and returns when the last of its threads has left: what has not happened by then never will.</summary>
    public static async Task EndAsync(TestSignalHub test)
    {
        await UntilAsync(() => test.Hub.Router.Snapshot().All(subscription => subscription.Listener is { IsDone: true } or { NeedsWakeUp: false }), "those who wait to be woken");
        test.Dispose();
        await UntilAsync(() => test.Hub.Router.Threads.Count == 0, "the delivery threads to leave");
    }
}
