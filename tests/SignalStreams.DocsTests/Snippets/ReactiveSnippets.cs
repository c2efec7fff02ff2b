using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class ReactiveSnippets : SnippetTests
{
    [Fact]
    public async Task Burst_is_one_reload()
    {
        using var test = TestSignals.Install();
        #region Burst_is_one_reload
        using var subscription = Signals.Observe(SIGHUP)
            .Throttle(TimeSpan.FromSeconds(1))
            .Subscribe(_ => Reload());
        #endregion
        test.Raise(SIGHUP);
        test.Raise(SIGHUP);
        await Console.LineAsync(TestToken);
        Assert.Equal(["reloaded"], Console.Lines);
    }

    [Fact]
    public async Task Subscribing_opens_and_disposing_closes()
    {
        using var test = TestSignals.Install();
        #region Subscribing_opens_and_disposing_closes
        var hangups = Signals.Observe(SIGHUP);      // SIGHUP still ends the process
        using (hangups.Subscribe(_ => Reload()))
        {
            await ServeAsync();                     // SIGHUP reloads
        }
        #endregion
        Assert.Empty(test.Listeners);

        async Task ServeAsync()
        {
            Assert.True(test.Raise(SIGHUP));
            await Console.LineAsync(TestToken);
        }
    }

    [Fact]
    public void Bad_signals_throw_at_the_call()
    {
        var none = Assert.Throws<ArgumentException>(() =>
        {
            #region Bad_signals_throw_at_the_call none
            Signals.Observe();              // ArgumentException: no signals were given
            #endregion
        });
        Assert.StartsWith("No signals were given", none.Message, StringComparison.Ordinal);
        var kill = Assert.Throws<ArgumentException>(() =>
        {
            #region Bad_signals_throw_at_the_call kill
            Signals.Observe(SIGKILL);       // ArgumentException: the kernel lets no process catch it
            #endregion
        });
        Assert.Contains("the kernel lets no process catch it", kill.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_pays_for_the_observer_of_another()
    {
        using var test = TestSignals.Install();
        using var forever = new ManualResetEventSlim();
        #region Nobody_pays_for_the_observer_of_another
        using var a = Signals.Observe(SIGHUP).Subscribe(_ => throw new InvalidOperationException());
        using var b = Signals.Observe(SIGHUP).Subscribe(_ => forever.Wait());
        using var c = Signals.Observe(SIGHUP).Subscribe(_ => Reload());     // reloads every time
        #endregion
        for (var i = 0; i < 3; i++)
        {
            test.Raise(SIGHUP);
            await Console.LineAsync(TestToken);
        }

        forever.Set();
    }

    [Fact]
    public async Task Unread_SIGTERM_is_raised_again()
    {
        using var test = TestSignals.Install();
        using var begun = new SemaphoreSlim(0);
        using var finished = new ManualResetEventSlim();
        #region Unread_SIGTERM_is_raised_again
        var subscription = Signals.Observe(SIGUSR1, SIGTERM).Subscribe(_ => TakeAMinute());
        // SIGUSR1 arrives, and half a minute later SIGTERM
        #endregion
        test.Raise(SIGUSR1);
        await begun.WaitAsync(TestToken).WithLimit();
        test.Raise(SIGTERM);
        Assert.Null(test.Ended);
        #region Unread_SIGTERM_is_raised_again later
        subscription.Dispose();     // the observer was never given SIGTERM: it is raised again and ends the process
        #endregion
        Assert.Equal(SIGTERM, test.Ended?.Signal);
        finished.Set();

        void TakeAMinute()
        {
            begun.Release();
            finished.Wait();
        }
    }

    [Fact]
    public async Task Scheduler_is_given()
    {
        using var test = TestSignals.Install();
        #region Scheduler_is_given
        using var loop = new EventLoopScheduler();
        using var subscription = Signals.Observe(loop, SIGHUP, SIGUSR1).Subscribe(signal => Console.WriteLine(signal));
        #endregion
        test.Raise(SIGUSR1);
        await Console.LineAsync(TestToken);
        Assert.Equal(["SIGUSR1"], Console.Lines);
    }

    [Fact]
    public async Task Token_completes()
    {
        using var test = TestSignals.Install();
        using var source = new CancellationTokenSource();
        var cancellationToken = source.Token;
        #region Token_completes
        var signals = Signals.Observe([SIGHUP, SIGUSR1], cancellationToken);
        #endregion
        var end = signals.LastOrDefaultAsync().ToTask();
        test.Raise(SIGHUP);
        await source.CancelAsync();
        await end.WithLimit();
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public async Task Delivery_tells_order_and_sender()
    {
        using var test = TestSignals.Install();
        #region Delivery_tells_order_and_sender
        using var subscription = Signals.ObserveDeliveries(SIGTERM)
            .Subscribe(delivery => Console.WriteLine($"{delivery.Sequence}: {delivery}"));      // 1: SIGTERM from pid 1, uid 0
        #endregion
        test.Raise(SIGTERM, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 });
        await Console.LineAsync(TestToken);
        Assert.Equal(["1: SIGTERM from pid 1, uid 0"], Console.Lines);
    }

    [Fact]
    public async Task Sample_looks_once_a_second()
    {
        using var test = TestSignals.Install();
        #region Sample_looks_once_a_second
        using var subscription = Signals.Observe(SIGHUP).Sample(TimeSpan.FromSeconds(1)).Subscribe(_ => Reload());
        #endregion
        test.Raise(SIGHUP);
        await Console.LineAsync(TestToken);
        Assert.Equal(["reloaded"], Console.Lines);
    }

    [Fact]
    public async Task Open_receiver_is_observed()
    {
        using var test = TestSignals.Install();
        #region Open_receiver_is_observed
        await using var receiver = Signals.OpenSignalReceiver(SIGHUP);      // from here on nothing is missed
        await LoadAsync();
        using var subscription = receiver.ToObservable().Subscribe(_ => Reload());
        #endregion
        await Console.LineAsync(TestToken);
        Assert.Equal(["reloaded"], Console.Lines);

        Task LoadAsync()
        {
            test.Raise(SIGHUP);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Second_Ctrl_C_within_two_seconds_cancels()
    {
        using var test = TestSignals.Install();
        var run = MainAsync();
        await Patience.UntilAsync(
            () =>
            {
                // Again and again, should a busy machine take two seconds from one to the next.
                test.Raise(SIGINT);
                return run.IsCompleted;
            },
            "the program to be cancelled");
        await run.WithLimit();

        async Task MainAsync()
        {
            #region Second_Ctrl_C_within_two_seconds_cancels
            using var cts = Signals.Observe(SIGINT)
                .Timestamp()
                .Buffer(2, 1)
                .Where(pair => pair is [var first, var second] && second.Timestamp - first.Timestamp < TimeSpan.FromSeconds(2))
                .ToCancellationTokenSource();

            await ServeAsync(cts.Token);
            #endregion
        }
    }

    [Fact]
    public async Task Test_raises_by_hand()
    {
        #region Test_raises_by_hand
        using var test = new TestSignalHub();
        var first = test.Hub.Observe(SIGHUP).FirstAsync().ToTask();
        test.Raise(SIGHUP);
        Assert.Equal(SIGHUP, await first);
        #endregion
    }

    private void Reload() => Console.WriteLine("reloaded");

    private static async Task ServeAsync(CancellationToken cancellationToken) =>
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
