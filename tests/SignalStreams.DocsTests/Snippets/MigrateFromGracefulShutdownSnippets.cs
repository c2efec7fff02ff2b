using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class MigrateFromGracefulShutdownSnippets : SnippetTests
{
    [Fact]
    public async Task Typical_use()
    {
        using var test = TestSignals.Install();
        Task FirstAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM);
            Console.WriteLine("first");
            return Task.Delay(1, cancellationToken);
        }

        var thrown = await Assert.ThrowsAsync<ShutdownRequestedException>(MainAsync);
        Assert.Equal(SIGTERM, thrown.Signal);
        Assert.Equal(SIGTERM, test.ReturnFromMain().Signal);
        Assert.Equal(["first"], Console.Lines);

        async Task MainAsync()
        {
            #region Typical_use
            await ShutdownProtection.RunAsync(
                async block =>
                {
                    // BLOCK 1
                    try
                    {
                        await FirstAsync(block.Token);          // some stuff that you do not want interrupted
                    }
                    catch (OperationCanceledException)
                    {
                        RollBackFirst();                        // only if it has taken more than four seconds
                        throw;
                    }

                    block.AllowBreak();

                    // BLOCK 2
                    try
                    {
                        await SecondAsync(block.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        RollBackSecond();
                        throw;
                    }
                },
                maxExecTime: TimeSpan.FromSeconds(4));
            #endregion
        }

        void RollBackFirst() => Console.WriteLine("rolled back");
        void RollBackSecond() => Console.WriteLine("rolled back");
    }

    [Fact]
    public void Typical_use_without_waiting()
    {
        using var test = TestSignals.Install();
        void First()
        {
            test.Raise(SIGTERM);
            Console.WriteLine("first");
        }

        void Second() => Console.WriteLine("second");
        Assert.Throws<ShutdownRequestedException>(Main);
        Assert.Equal(SIGTERM, test.ReturnFromMain().Signal);
        Assert.Equal(["first"], Console.Lines);

        void Main()
        {
            #region Typical_use_without_waiting
            ShutdownProtection.Run(
                block =>
                {
                    First();
                    block.AllowBreak();
                    Second();
                },
                maxExecTime: TimeSpan.FromSeconds(4));
            #endregion
        }
    }

    [Fact]
    public async Task No_protection()
    {
        using var test = TestSignals.Install();
        var main = MainAsync();
        test.Raise(SIGHUP);
        await main.WithLimit();
        Assert.Equal(SIGHUP, test.ReturnFromMain().Signal);

        static async Task MainAsync()
        {
            #region No_protection
            await WorkAsync(ShutdownManager.Default.StoppingToken);
            #endregion
        }

        static async Task WorkAsync(CancellationToken cancellationToken) =>
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Fact]
    public async Task Protected_thread()
    {
        using var test = TestSignals.Install();
        var main = Task.Run(Main, TestToken);
        await Console.LineAsync(TestToken);
        test.Raise(SIGINT);
        await main.WithLimit();
        Assert.Equal(SIGINT, test.ReturnFromMain().Signal);

        void DoOneItem()
        {
            Console.WriteLine("item");
            Thread.Sleep(1);
        }

        void Main()
        {
            #region Protected_thread
            var thread = new Thread(() =>
            {
                using var block = ShutdownProtection.Enter();
                while (!block.IsShutdownPending)
                {
                    DoOneItem();
                    block.Renew();
                }
            });
            thread.IsBackground = true;     // daemon
            thread.Start();
            thread.Join();
            #endregion
        }
    }

    [Fact]
    public async Task Configuration()
    {
        using var test = TestSignals.Install();
        void Reload() => Console.WriteLine("reloaded");

        #region Configuration
        ShutdownManager.Default.Configure(o =>
        {
            o.TerminateOnLogoff = false;
            o.TerminateOnHangup = false;
            o.MaxExecTime = TimeSpan.FromSeconds(10);
            o.MaxAttempts = 3;
            o.BeforeTermination = () => Console.WriteLine("goodbye");
            o.BeforeHangup = Reload;
        });
        #endregion
        test.Raise(SIGHUP);
        await Console.LineAsync(TestToken);
        test.Raise(SIGTERM);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["reloaded", "goodbye"], Console.Lines);
    }

    private static Task SecondAsync(CancellationToken cancellationToken) => Task.Delay(1, cancellationToken);
}
