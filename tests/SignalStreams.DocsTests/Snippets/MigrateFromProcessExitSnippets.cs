using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class MigrateFromProcessExitSnippets : SnippetTests
{
    private readonly TaskCompletionSource _isServing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void Before()
    {
        #region Before
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Flush();
        Serve(CancellationToken.None);
        #endregion
        AppDomain.Exit();
        Assert.Equal(["served", "flushed"], Console.Lines);
    }

    [Fact]
    public async Task After_with_an_exit_handler()
    {
        using var test = TestSignals.Install();
        var main = Task.Run(Main, TestToken);
        await _isServing.Task.WithLimit();
        test.Raise(SIGTERM);
        await main.WithLimit();
        Assert.Equal(["served"], Console.Lines);
        Assert.Equal(SIGTERM, test.ReturnFromMain().Signal);
        Assert.Equal(["served", "flushed"], Console.Lines);

        void Main()
        {
            #region After_with_an_exit_handler
            ExitHandlers.Register(Flush);
            Serve(ShutdownManager.Default.StoppingToken);
            #endregion
        }
    }

    [Fact]
    public async Task After()
    {
        using var test = TestSignals.Install();
        var main = Task.Run(() =>
        {
            #region After
            using var shutdown = Signals.CancelOn();
            Serve(shutdown.Token);
            Flush();
            #endregion
        }, TestToken);
        await test.WaitForListenerAsync(SIGTERM, cancellationToken: TestToken);
        test.Raise(SIGTERM);
        await main.WithLimit();
        Assert.Equal(["served", "flushed"], Console.Lines);
    }

    [Fact]
    public void After_with_handlers_that_stay()
    {
        using var test = TestSignals.Install();
        Assert.Equal(143, Main());
        AppDomain.Exit();
        Assert.Equal(["flushed"], Console.Lines);

        int Main()
        {
            #region After_with_handlers_that_stay
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Flush();
            return Signals.Run(ServeAsync);     // on SIGTERM main returns, and ProcessExit runs
            #endregion
        }

        async Task ServeAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    private void Flush() => Console.WriteLine("flushed");

    private void Serve(CancellationToken cancellationToken)
    {
        _isServing.TrySetResult();
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.WaitHandle.WaitOne();
        }

        Console.WriteLine("served");
    }
}
