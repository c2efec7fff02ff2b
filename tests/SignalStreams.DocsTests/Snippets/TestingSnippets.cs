using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class TestingSnippets : SnippetTests
{
    [Fact]
    public async Task Hub_is_given_to_the_code_under_test()
    {
        #region Hub_is_given_to_the_code_under_test
        await using var test = new TestSignalHub();
        var service = new Service(test.Hub);
        var running = service.RunAsync();

        await test.WaitForListenerAsync(SIGHUP);
        test.Raise(SIGHUP);
        await test.WaitForListenerAsync(SIGTERM);
        test.Raise(SIGTERM);
        await running;

        Assert.Equal(1, service.Reloads);
        Assert.Null(test.Ended);            // nothing would have ended the process
        Assert.Empty(test.Listeners);       // and everything was given back
        #endregion
    }

    [Fact]
    public async Task Hub_is_installed_for_code_that_calls_Signals()
    {
        #region Hub_is_installed_for_code_that_calls_Signals
        await using var test = TestSignals.Install();
        var running = Program.RunAsync();   // calls Signals.CancelOn(SIGTERM)

        await test.WaitForListenerAsync(SIGTERM);
        test.Raise(SIGTERM);
        await running;
        #endregion
    }

    [Fact]
    public void Unheard_signal_is_reported()
    {
        #region Unheard_signal_is_reported
        using var test = new TestSignalHub();
        Assert.False(test.Raise(SIGUSR1));
        Assert.Equal([SIGUSR1], test.Unheard);
        Assert.Equal(TestProcessEndCause.NobodyListened, test.Ended?.Cause);
        #endregion
    }

    [Fact]
    public void Sender_is_made_up()
    {
        #region Sender_is_made_up
        using var test = new TestSignalHub();
        using var shutdown = test.Hub.CancelOn(SIGTERM);
        test.Raise(SIGTERM, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 });
        Assert.Equal("SIGTERM from pid 1, uid 0", shutdown.Delivery?.ToString());
        #endregion
    }

    [Fact]
    public void Clock_is_moved_by_hand()
    {
        #region Clock_is_moved_by_hand
        var time = new ManualTime();
        using var test = new TestSignalHub(time);
        using var shutdown = test.Hub.CancelOn(SIGINT);
        test.Raise(SIGINT);
        test.Raise(SIGINT);
        Assert.Equal(1, test.Hub.Attempts);     // the same signal within 100 ms counts once

        time.Advance(TimeSpan.FromMilliseconds(100));
        test.Raise(SIGINT);
        Assert.Equal(2, test.Hub.Attempts);
        #endregion
    }

    [Fact]
    public void Exit_code_of_Run_is_seen()
    {
        #region Exit_code_of_Run_is_seen
        using var test = new TestSignalHub();
        var code = test.Hub.Run(async token =>
        {
            test.Raise(SIGTERM);
            await Task.Delay(Timeout.Infinite, token);
        });
        Assert.Equal(143, code);
        Assert.Equal(TestProcessEndCause.Run, test.Ended?.Cause);
        #endregion
    }

    [Fact]
    public void ExitBySignal_throws_in_a_test()
    {
        #region ExitBySignal_throws_in_a_test
        using var test = new TestSignalHub();
        var ended = Assert.Throws<ProcessEndedException>(() => test.Hub.ExitBySignal(SIGTERM));
        Assert.Equal(143, ended.End?.ExitCode);
        #endregion
    }

    private static class Program
    {
        public static async Task RunAsync()
        {
            using var shutdown = Signals.CancelOn(SIGTERM);
            await Task.Delay(Timeout.Infinite, shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Service(SignalHub signals)
    {
        public int Reloads { get; private set; }

        public async Task RunAsync()
        {
            await using var receiver = signals.OpenSignalReceiver(SIGHUP, SIGTERM);
            await foreach (var signal in receiver)
            {
                if (signal == SIGTERM) break;
                Reloads++;
            }
        }
    }
}
