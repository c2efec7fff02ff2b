using System.Diagnostics;

namespace SignalStreams.Tests.Reactive;

/// <summary>Waits for conditions that have no event.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until everybody who listens has dealt with all that was raised.</summary>
    public static Task AllIsReadAsync(TestSignalHub test) =>
        TrueAsync(() => test.Hub.Router.Snapshot().All(subscription => subscription.Listener.IsDone), "all signals to be read");

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, $"Waited in vain for {what}.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
