using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class SignalsSnippets : SnippetTests
{
    [Fact]
    public void Names_numbers_and_exit_codes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The numbers are those of Linux.");

        #region Names_numbers_and_exit_codes
        Console.WriteLine(ShutdownSignals.Parse("term"));               // SIGTERM
        Console.WriteLine(ShutdownSignals.Parse("15"));                 // SIGTERM
        Console.WriteLine(ShutdownSignals.Parse("SIGRTMIN+3").GetName()); // SIGRTMIN+3
        Console.WriteLine(SIGTERM.GetNumber());                         // 15
        Console.WriteLine(SIGTERM.GetExitCode());                       // 143
        Console.WriteLine(SIGTERM.ToPosixSignal());                     // SIGTERM
        Console.WriteLine(((ShutdownSignal)15).Normalize());            // SIGTERM
        #endregion
        Assert.Equal(["SIGTERM", "SIGTERM", "SIGRTMIN+3", "15", "143", "SIGTERM", "SIGTERM"], Console.Lines);
    }

    [Fact]
    public async Task Signals_come_from_a_configuration()
    {
        using var test = TestSignals.Install();

        #region Signals_come_from_a_configuration
        var configured = "HUP, USR1, BREAK";            // one file for all platforms
        var signals = configured.Split(',').Select(ShutdownSignals.Parse).Where(ShutdownSignals.IsSupported);
        await using var receiver = Signals.OpenSignalReceiver(signals);
        Console.WriteLine(string.Join(' ', receiver.Subscribed));       // on Linux: SIGHUP SIGUSR1
        #endregion
        Assert.Equal([OperatingSystem.IsWindows() ? "SIGHUP SIGBREAK" : "SIGHUP SIGUSR1"], Console.Lines);
    }

    [Fact]
    public void Impossible_signal_is_an_error_at_the_opening()
    {
        using var test = TestSignals.Install();

        #region Impossible_signal_is_an_error_at_the_opening
        try
        {
            using var receiver = Signals.OpenSignalReceiver(SIGTERM, SIGKILL);
        }
        catch (ArgumentException e)
        {
            Console.WriteLine(e.Message);   // SIGKILL cannot be listened to: the kernel lets no process catch it. ...
        }
        #endregion
        Assert.StartsWith("SIGKILL cannot be listened to: the kernel lets no process catch it.", Assert.Single(Console.Lines), StringComparison.Ordinal);
        Assert.Empty(test.Listeners);
    }

    [Fact]
    public async Task Signal_is_sent_to_the_own_process()
    {
        using var test = TestSignals.Install();
        await using var receiver = Signals.OpenSignalReceiver(SIGHUP);

        #region Signal_is_sent_to_the_own_process
        Signals.Raise(SIGHUP);
        #endregion
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync());
    }

    [Fact]
    public void Backend_can_be_asked()
    {
        #region Backend_can_be_asked
        Console.WriteLine(Signals.Backend);     // Native: A signal handler of the library's own serves.
        #endregion
        Assert.StartsWith($"{Signals.Backend.Kind}: ", Assert.Single(Console.Lines), StringComparison.Ordinal);
    }
}
