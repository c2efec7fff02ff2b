using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class MigrateFromSafeExitSnippets : SnippetTests
{
    [Theory]
    [InlineData(SIGINT)]
    [InlineData(SIGTERM)]
    [InlineData(SIGQUIT)]
    [InlineData(SIGHUP)]
    public async Task Every_signal_runs_the_handler(ShutdownSignal signal)
    {
        using var test = TestSignals.Install();
        ExitHandlers.Register(Cleanup);
        test.Raise(signal);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["cleaned up"], Console.Lines);
    }

    [Fact]
    public void Register()
    {
        using var test = TestSignals.Install();

        #region Register
        ExitHandlers.Register(Cleanup);
        #endregion
        test.ReturnFromMain();
        Assert.Equal(["cleaned up"], Console.Lines);
    }

    [Fact]
    public void Register_with_arguments()
    {
        using var test = TestSignals.Install();
        var path = "draft.txt";
        void Delete(string file, bool force) => Console.WriteLine($"{file} {force}");

        #region Register_with_arguments
        ExitHandlers.Register(() => Delete(path, force: true));
        #endregion
        test.ReturnFromMain();
        Assert.Equal(["draft.txt True"], Console.Lines);
    }

    [Fact]
    public void Unregister()
    {
        using var test = TestSignals.Install();

        #region Unregister
        var registration = ExitHandlers.Register(Cleanup);
        registration.Dispose();
        #endregion
        test.ReturnFromMain();
        Assert.Empty(Console.Lines);
    }

    [Fact]
    public async Task Config()
    {
        using var test = TestSignals.Install();

        #region Config
        ShutdownManager.Default.Configure(o => o.Signals = [SIGQUIT, SIGHUP]);      // beside SIGINT and SIGTERM
        ExitHandlers.Register(Cleanup);
        #endregion
        Assert.True(test.IsListening(SIGHUP));
        Assert.True(test.IsListening(SIGINT));
        Assert.False(test.IsListening(SIGUSR1));
        test.Raise(SIGQUIT);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["cleaned up"], Console.Lines);
    }

    [Fact]
    public async Task As_it_was()
    {
        using var test = TestSignals.Install();

        #region As_it_was
        ShutdownManager.Default.Configure(o =>
        {
            o.HandlerOrder = ExitHandlerOrder.FirstRegisteredFirst;
            o.ExitStatus = ExitStatusPolicy.Code(0);
        });
        #endregion
        ExitHandlers.Register(() => Console.WriteLine("first"));
        ExitHandlers.Register(() => Console.WriteLine("second"));
        test.Raise(SIGTERM);
        Assert.Equal((null, 0), (await test.WaitForEndAsync(cancellationToken: TestToken) is var end ? end.Signal : null, end.ExitCode));
        Assert.Equal(["first", "second"], Console.Lines);
    }

    [Fact]
    public async Task Safe_kill()
    {
        using var child = await ShellChild.StartAsync();
        var processId = child.Id;

        #region Safe_kill
        var outcome = await SafeKill.KillAsync(processId);
        #endregion
        Assert.Equal((StopResult.Graceful, SIGTERM), (outcome.Result, outcome.LastSignal));
    }

    [Fact]
    public async Task Safe_kill_with_all_arguments()
    {
        using var child = await ShellChild.StartAsync("trap '' INT");
        var processId = child.Id;

        #region Safe_kill_with_all_arguments
        var outcome = await SafeKill.KillAsync(processId, SIGINT, timeout: TimeSpan.FromSeconds(1), force: false);
        Console.WriteLine(outcome.IsGone);
        #endregion
        Assert.Equal(["False"], Console.Lines);
    }

    private void Cleanup() => Console.WriteLine("cleaned up");
}
