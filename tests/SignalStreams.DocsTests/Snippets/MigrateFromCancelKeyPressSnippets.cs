using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class MigrateFromCancelKeyPressSnippets : SnippetTests
{
    [Fact]
    public async Task Before()
    {
        var main = MainAsync();
        Assert.True(Console.PressCtrlC());
        await main.WithLimit();
        Assert.Equal(["cleaned up"], Console.Lines);

        async Task MainAsync()
        {
            #region Before
            using var cts = new CancellationTokenSource();
            Console.CancelKeyPress += (_, e) =>
            {
                e.Cancel = true;
                cts.Cancel();
            };

            await ServeAsync(cts.Token);
            Console.WriteLine("cleaned up");
            #endregion
        }
    }

    [Fact]
    public async Task After()
    {
        using var test = TestSignals.Install();
        var main = MainAsync();
        test.Raise(SIGTERM);
        await main.WithLimit();
        Assert.Equal(["cleaned up"], Console.Lines);

        async Task MainAsync()
        {
            #region After
            using var cts = Signals.CancelOn(SIGINT, SIGTERM);

            await ServeAsync(cts.Token);
            Console.WriteLine("cleaned up");
            #endregion
        }
    }

    [Fact]
    public async Task Before_waiting()
    {
        var main = Task.Run(() =>
        {
            #region Before_waiting
            using var stopped = new ManualResetEventSlim();
            Console.CancelKeyPress += (_, e) =>
            {
                e.Cancel = true;
                stopped.Set();
            };

            stopped.Wait();
            #endregion
        }, TestToken);
        await Patience.UntilAsync(Console.PressCtrlC, "a handler of Ctrl-C");
        await main.WithLimit();
    }

    [Fact]
    public async Task After_waiting()
    {
        using var test = TestSignals.Install();
        var main = Task.Run(() =>
        {
            #region After_waiting
            Signals.WaitForShutdown();
            #endregion
        }, TestToken);
        await test.WaitForListenerAsync(SIGINT, cancellationToken: TestToken);
        test.Raise(SIGINT);
        await main.WithLimit();
    }

    private static async Task ServeAsync(CancellationToken cancellationToken) =>
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
