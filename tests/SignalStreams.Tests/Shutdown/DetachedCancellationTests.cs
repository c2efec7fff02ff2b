namespace SignalStreams.Tests.Shutdown;

public sealed class DetachedCancellationTests
{
    [Fact]
    public void Source_with_a_callback_that_never_returns_is_cancelled_at_once()
    {
        using var release = new ManualResetEventSlim();
        using var source = new CancellationTokenSource();
        source.Token.Register(() => release.Wait(TestContext.Current.CancellationToken));
        DetachedCancellation.Start(source, "test");
        Assert.True(source.IsCancellationRequested);
        release.Set();
    }

    [Fact]
    public async Task What_a_callback_throws_is_reported()
    {
        using var reports = new Reports();
        using var source = new CancellationTokenSource();
        var text = Reports.UniqueText();
        source.Token.Register(() => throw new InvalidOperationException(text));
        DetachedCancellation.Start(source, "test");
        Assert.Equal("test", (await reports.FailureAsync(text)).Surface);
    }
}
