namespace SignalStreams.Tests.Testing;

public sealed class TestSignalHubTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Signal_that_nobody_hears_is_recorded_and_would_end_the_process()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Each signal that Windows has ends a process.");
        using var test = new TestSignalHub();
        Assert.False(test.Raise(SIGCHLD));
        Assert.Null(test.Ended);
        Assert.False(test.Raise(User1));
        Assert.Equal([SIGCHLD, User1], test.Unheard);
        Assert.Equal(new TestProcessEnd(User1, User1.GetExitCode(), TestProcessEndCause.NobodyListened), test.Ended);
    }

    [Fact]
    public void Listeners_are_named_by_surface()
    {
        using var test = new TestSignalHub();
        using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        using var cts = test.Hub.CancelOn(SIGTERM);
        using var callback = test.Hub.OnShutdown(_ => { }, SIGINT);
        Assert.Equivalent(
            new[] { new TestListener(SIGHUP, "OpenSignalReceiver"), new TestListener(SIGTERM, "CancelOn"), new TestListener(SIGINT, "OnShutdown") },
            test.Listeners,
            strict: true);
        Assert.True(test.IsListening(SIGHUP));
        Assert.False(test.IsListening(User1));
    }

    [Fact]
    public async Task Wait_for_a_listener_ends_when_the_code_under_test_listens()
    {
        await using var test = new TestSignalHub();
        var wait = test.WaitForListenerAsync(SIGTERM, cancellationToken: Token);
        Assert.False(wait.IsCompleted);
        using var other = test.Hub.OpenSignalReceiver(SIGHUP);
        Assert.False(wait.IsCompleted);
        using var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        await wait.WithLimit();
    }

    [Fact]
    public async Task Wait_for_a_listener_that_never_comes_says_who_listens()
    {
        await using var test = new TestSignalHub();
        var nobody = await Assert.ThrowsAsync<TimeoutException>(() => test.WaitForListenerAsync(SIGTERM, TimeSpan.Zero, Token));
        Assert.Equal("Nobody listened to SIGTERM. Nobody listens to anything: did the code under test get this hub? Waited 0 s.", nobody.Message);
        using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
        var others = await Assert.ThrowsAsync<TimeoutException>(() => test.WaitForListenerAsync(SIGTERM, TimeSpan.Zero, Token));
        Assert.Contains("Listening: OpenSignalReceiver(SIGHUP).", others.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_for_the_end_returns_it()
    {
        await using var test = new TestSignalHub();
        var wait = test.WaitForEndAsync(cancellationToken: Token);
        Assert.False(wait.IsCompleted);
        test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, (await wait.WithLimit()).Signal);
        await using var alive = new TestSignalHub();
        await Assert.ThrowsAsync<TimeoutException>(() => alive.WaitForEndAsync(TimeSpan.Zero, Token));
    }

    [Fact]
    public void ExitBySignal_throws_instead_of_ending_the_runner()
    {
        using var test = new TestSignalHub();
        var error = Assert.Throws<ProcessEndedException>(() => test.Hub.ExitBySignal(SIGINT));
        Assert.Equal(new TestProcessEnd(SIGINT, SIGINT.GetExitCode(), TestProcessEndCause.ExitBySignal), test.Ended);
        Assert.Equal(test.Ended, error.End);
    }

    [Fact]
    public async Task Installed_hub_serves_code_that_calls_Signals_directly()
    {
        using (var test = TestSignals.Install())
        {
            Assert.Same(test.Hub, Signals.Hub);
            Assert.Equal(SignalBackendKind.Test, Signals.Backend.Kind);
            var service = Task.Run(() => Signals.WaitForShutdown(SIGTERM), Token);
            await test.WaitForListenerAsync(SIGTERM, cancellationToken: Token);
            test.Raise(SIGTERM);
            Assert.Equal(SIGTERM, await service.WithLimit());
        }

        Assert.Same(SignalHub.Default, Signals.Hub);
    }

    [Fact]
    public void Inner_installation_gives_way_to_the_outer()
    {
        using var outer = TestSignals.Install();
        using (var inner = TestSignals.Install())
        {
            Assert.Same(inner.Hub, Signals.Hub);
        }

        Assert.Same(outer.Hub, Signals.Hub);
    }

    [Fact]
    public async Task Parallel_tests_do_not_hear_each_other()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), Token, async (_, token) =>
        {
            using var test = TestSignals.Install();
            using var cts = Signals.CancelOn(SIGTERM);
            await Task.Yield();
            Assert.Single(test.Listeners);
            Assert.False(cts.IsCancellationRequested);
            test.Raise(SIGTERM);
            Assert.True(cts.IsCancellationRequested);
        });
    }

    [Fact]
    public async Task Hub_that_is_installed_in_an_async_initializer_is_not_seen_by_the_test()
    {
        await InitializeAsync();
        Assert.Same(SignalHub.Default, Signals.Hub);

        static async Task InitializeAsync()
        {
            TestSignals.Install();
            await Task.Yield();
        }
    }

    [Fact]
    public void Disposing_closes_what_is_open()
    {
        var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        var cts = test.Hub.CancelOn(SIGTERM);
        test.Hub.OnShutdown(_ => { });
        test.Dispose();
        Assert.Empty(test.Listeners);
        Assert.False(test.Raise(SIGTERM));
        Assert.False(cts.IsCancellationRequested);
        Assert.False(receiver.TryReceive(out _));
        cts.Dispose();
        receiver.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposal_ends_a_wait_for_shutdown(bool blocks)
    {
        var test = new TestSignalHub();
        var wait = blocks
            ? Task.Factory.StartNew(() => test.Hub.WaitForShutdown(), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : test.Hub.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        await test.WaitForListenerAsync(SIGTERM);
        test.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait.WithLimit());
    }

    [Fact]
    public void Second_disposal_leaves_a_later_installation_in_place()
    {
        var first = TestSignals.Install();
        first.Dispose();
        using var second = TestSignals.Install();
        first.Dispose();
        Assert.Same(second.Hub, Signals.Hub);
    }

    [Fact]
    public void Disposal_of_an_earlier_installation_leaves_the_later_one_in_place()
    {
        var first = TestSignals.Install();
        using var second = TestSignals.Install();
        first.Dispose();
        Assert.Same(second.Hub, Signals.Hub);
    }
}
