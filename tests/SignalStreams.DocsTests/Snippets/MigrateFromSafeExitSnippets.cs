using System.Diagnostics;
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
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill.");
        using var child = Process.Start("sleep", ["1000"]);
        await KillAsync(child.Id);
        await child.WaitForExitAsync(TestToken);
        Assert.Equal(143, child.ExitCode);

        static async Task KillAsync(int id)
        {
            #region Safe_kill
            using var process = Process.GetProcessById(id);
            using var kill = Process.Start("kill", ["-TERM", $"{id}"]);
            try
            {
                await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(4));
            }
            catch (TimeoutException)
            {
                process.Kill();
            }
            #endregion
        }
    }

    private void Cleanup() => Console.WriteLine("cleaned up");
}
