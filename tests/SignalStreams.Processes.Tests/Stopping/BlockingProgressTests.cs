namespace SignalStreams.Processes.Tests;

public sealed class BlockingProgressTests
{
    [Fact]
    public async Task Progresses_that_do_not_return_delay_no_other_stop()
    {
        const int Blocked = 5;
        using var blocker = new Blocker(Blocked);
        var registry = new StopRegistry();
        var plan = StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(1));
        var held = Enumerable.Range(1, Blocked).Select(id => registry.StopAsync(new FakeScope(id), plan, blocker, LibraryTime.Shared, default)).ToList();
        Assert.True(blocker.Entered.Wait(TestChild.Limit, TestContext.Current.CancellationToken));

        var free = await registry.StopAsync(new FakeScope(7), plan, null, LibraryTime.Shared, default).WaitAsync(TestChild.Limit);

        Assert.Equal(StopResult.Killed, free.Result);
        Assert.DoesNotContain(held, stop => stop.IsCompleted);
        blocker.Release();
        Assert.All(await Task.WhenAll(held).WaitAsync(TestChild.Limit), outcome => Assert.Equal(StopResult.Killed, outcome.Result));
    }

    private sealed class Blocker(int count) : IProgress<StopStep>, IDisposable
    {
        private readonly ManualResetEventSlim _release = new();

        public CountdownEvent Entered { get; } = new(count);

        public void Report(StopStep value)
        {
            Entered.Signal();
            _release.Wait();
        }

        public void Release() => _release.Set();

        public void Dispose()
        {
            _release.Set();
            Entered.Dispose();
        }
    }
}
