namespace SignalStreams.Tests.Stress;

/// <summary>Signals from several threads at once, without what a test's Raise does besides.</summary>
internal static class Storm
{
    public static async Task RunAsync(SignalHub hub, int writers, int each, Func<int, int, SignalArrival> arrival, CancellationToken end)
    {
        Task[] storm =
        [
            .. Enumerable.Range(0, writers).Select(writer => Task.Factory.StartNew(
                () => Write(hub.Router, writer, each, arrival, end),
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        await Task.WhenAll(storm);
    }

    private static void Write(SignalRouter router, int writer, int each, Func<int, int, SignalArrival> arrival, CancellationToken end)
    {
        for (var i = 0; i < each && !end.IsCancellationRequested; i++)
        {
            Assert.True(router.Record(arrival(writer, i), out var wake));
            if (wake is not null)
            {
                router.WakeLater(wake);
            }
        }
    }
}
