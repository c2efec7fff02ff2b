using System.Runtime.CompilerServices;

namespace SignalStreams.Tests.Scopes;

/// <summary>Signals that cancel scopes and groups.</summary>
public sealed class ScopeSignalsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Signal_cancels_the_group_and_the_reason_says_which()
    {
        using var test = TestSignals.Install(_time);
        TaskGroup? ended = null;
        var run = TaskGroup.RunAsync(async group =>
        {
            ended = group;
            group.CancelOn(SIGINT, SIGTERM);
            group.Start(Forever.WaitAsync);
            await Forever.WaitAsync(group.Token);
        });
        test.Raise(SIGTERM, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1 });
        await run.WithLimit();
        var reason = Assert.IsType<SignalCancelReason>(ended!.Reason);
        Assert.Equal(SIGTERM, reason.Signal);
        Assert.Equal("SIGTERM from pid 1", reason.ToString());
        Assert.Empty(test.Listeners);
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Without_signals_every_one_that_asks_the_process_to_end_cancels()
    {
        using var test = TestSignals.Install(_time);
        await TaskGroup.RunAsync(group =>
        {
            group.CancelOn();
            Assert.Equal(ShutdownSignals.Terminating.Order(), test.Listeners.Select(listener => listener.Signal).Order());
            return Task.CompletedTask;
        });
        await CancelScope.RunAsync(scope =>
        {
            scope.CancelOn();
            Assert.All(ShutdownSignals.Terminating, signal => Assert.True(test.IsListening(signal)));
            return Task.CompletedTask;
        });
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public async Task Signal_cancels_the_scope()
    {
        using var test = new TestSignalHub(_time);
        var run = CancelScope.RunAsync(async scope =>
        {
            test.Hub.CancelOn(scope, User1);
            await Forever.WaitAsync(scope.Token);
        });
        test.Raise(User1);
        Assert.True((await run.WithLimit()).CancelledCaught);
    }

    [Fact]
    public async Task Second_signal_does_nothing_more_and_the_third_ends_the_process()
    {
        using var test = new TestSignalHub(_time);
        var end = new TaskCompletionSource();
        var run = TaskGroup.RunAsync(group =>
        {
            test.Hub.CancelOn(group.CancelScope, SIGINT);
            group.Start(Forever.Ignoring(end));
            return Task.CompletedTask;
        });
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(test.Ended);
            test.Raise(SIGINT);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(SIGINT, test.Ended?.Signal);
        end.SetResult();
        await run.WithLimit();
    }

    [Fact]
    public async Task Link_that_is_disposed_gives_the_signal_back_and_the_scope_lives_on()
    {
        using var test = new TestSignalHub();
        await CancelScope.RunAsync(scope =>
        {
            test.Hub.CancelOn(scope, SIGHUP).Dispose();
            Assert.Empty(test.Listeners);
            Assert.False(scope.CancelCalled);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Link_that_is_disposed_is_not_kept()
    {
        using var test = new TestSignalHub();
        await CancelScope.RunAsync(scope =>
        {
            var link = LinkAndUnlink(test, scope);
            GC.Collect();
            Assert.False(link.IsAlive);
            GC.KeepAlive(scope);
            return Task.CompletedTask;
        });

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference LinkAndUnlink(TestSignalHub test, CancelScope scope)
        {
            var link = test.Hub.CancelOn(scope, SIGHUP);
            link.Dispose();
            return new WeakReference(link);
        }
    }

    [Fact]
    public async Task Scope_that_has_ended_is_refused_and_nothing_stays_claimed()
    {
        using var test = new TestSignalHub();
        var ended = await CancelScope.RunAsync(_ => Task.CompletedTask);
        Assert.Throws<InvalidOperationException>(() => test.Hub.CancelOn(ended, SIGHUP));
        Assert.Empty(test.Listeners);
        Assert.Throws<ArgumentNullException>(() => test.Hub.CancelOn((CancelScope)null!, SIGHUP));
        Assert.Throws<ArgumentNullException>(() => ((TaskGroup)null!).CancelOn(SIGHUP));
    }
}
