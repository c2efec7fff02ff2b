namespace SignalStreams.Tests;

public sealed class BadInputTests
{
    [Fact]
    public void No_signals_are_an_error_on_every_surface()
    {
        using var test = new TestSignalHub();
        using var source = new CancellationTokenSource();
        var hub = test.Hub;
        ShutdownSignal[] none = [];
        Action[] calls =
        [
            () => hub.OpenSignalReceiver(),
            () => hub.OpenSignalReceiver(none),
            () => hub.OpenSignalReceiver(new List<ShutdownSignal>()),
            () => hub.OpenSignalReceiver(new SignalReceiverOptions()),
            () => hub.CancelOn(none),
            () => hub.CancelOn(default(CancellationToken), none),
            () => hub.CancelOn(source, none),
            () => hub.WaitForShutdown(none),
            () => hub.WaitForShutdownAsync(none).GetAwaiter().GetResult(),
            () => hub.OnShutdown(_ => { }, none),
            () => hub.OnShutdown(_ => Task.CompletedTask, none),
            () => hub.Run(_ => Task.CompletedTask, none),
        ];
        foreach (var call in calls)
        {
            var error = Assert.Throws<ArgumentException>(call);
            Assert.Equal("signals", error.ParamName);
            Assert.Contains("ShutdownSignals.Terminating", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(test.Listeners);
    }

    [Fact]
    public void Null_is_an_error_on_every_surface()
    {
        using var test = new TestSignalHub();
        var hub = test.Hub;
        Assert.Throws<ArgumentNullException>(() => hub.OpenSignalReceiver((ShutdownSignal[])null!));
        Assert.Throws<ArgumentNullException>(() => hub.OpenSignalReceiver((SignalReceiverOptions)null!, SIGTERM));
        Assert.Throws<ArgumentNullException>(() => hub.CancelOn((CancellationTokenSource)null!, [SIGTERM]));
        Assert.Throws<ArgumentNullException>(() => hub.CancelOn((SignalListenOptions)null!, [SIGTERM]));
        Assert.Throws<ArgumentNullException>(() => hub.OnShutdown((Action<ShutdownSignal>)null!));
        Assert.Throws<ArgumentNullException>(() => hub.OnShutdown((Func<ShutdownSignal, Task>)null!));
        Assert.Throws<ArgumentNullException>(() => { hub.Run((Func<CancellationToken, Task>)null!); });
        Assert.Throws<ArgumentNullException>(() => ShutdownSignals.Parse(null!));
    }

    [Theory]
    [InlineData(SIGKILL, "the kernel lets no process catch it")]
    [InlineData((ShutdownSignal)9, "the kernel lets no process catch it")]
    [InlineData(SIGSTOP, "the kernel lets no process catch it")]
    [InlineData(SIGPIPE, "IOException")]
    [InlineData((ShutdownSignal)11, "SIGSEGV (number 11)")]
    [InlineData((ShutdownSignal)6, "SIGABRT (number 6)")]
    [InlineData((ShutdownSignal)33, "Signal 33 cannot be listened to")]
    [InlineData((ShutdownSignal)0, "No platform has such a signal")]
    [InlineData((ShutdownSignal)(-77), "No platform has such a signal")]
    public void Signal_that_cannot_be_caught_is_named_with_the_reason(ShutdownSignal signal, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The numbers are those of Linux.");
        using var test = new TestSignalHub();
        var error = Assert.ThrowsAny<ArgumentException>(() => test.Hub.OpenSignalReceiver(SIGTERM, signal));
        Assert.Equal((int)signal is 0 or -77 ? typeof(ArgumentOutOfRangeException) : typeof(ArgumentException), error.GetType());
        Assert.Equal("signals", error.ParamName);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(test.Listeners);
    }

    [Theory]
    [InlineData(SIGBREAK)]
    [InlineData(CTRL_CLOSE_EVENT)]
    [InlineData((ShutdownSignal)65)]
    public void Signal_of_another_platform_is_not_supported(ShutdownSignal signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The platform is Linux.");
        using var test = new TestSignalHub();
        var error = Assert.Throws<PlatformNotSupportedException>(() => test.Hub.CancelOn(SIGTERM, signal));
        Assert.Contains("SIGHUP, SIGINT, SIGQUIT, SIGTERM", error.Message, StringComparison.Ordinal);
        Assert.Empty(test.Listeners);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1048577)]
    public void Capacity_out_of_range_is_an_error(int capacity)
    {
        Assert.Equal("Capacity", Assert.Throws<ArgumentOutOfRangeException>(() => new SignalReceiverOptions { Capacity = capacity }).ParamName);
        Assert.Equal("QueuedCapacity", Assert.Throws<ArgumentOutOfRangeException>(() => new SignalReceiverOptions { QueuedCapacity = capacity }).ParamName);
    }

    [Fact]
    public void MaxAttempts_below_one_is_an_error()
    {
        using var test = new TestSignalHub();
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Hub.MaxAttempts = 0);
        Assert.Equal(3, test.Hub.MaxAttempts);
    }

    [Fact]
    public void Raising_no_signal_is_an_error()
    {
        using var test = new TestSignalHub();
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Hub.Raise(0));
        Assert.Throws<PlatformNotSupportedException>(() => test.Hub.Raise(OperatingSystem.IsWindows() ? SIGUSR1 : SIGBREAK));
    }

    [Fact]
    public void Refusal_by_the_system_leaves_nothing_registered()
    {
        var source = new RefusingSource(SIGHUP);
        var hub = new SignalHub(source, new TestProcessExit(), TimeProvider.System);
        Assert.Throws<IOException>(() => hub.OpenSignalReceiver(SIGTERM, SIGINT, SIGHUP, User1));
        Assert.Empty(hub.Router.Snapshot());
        Assert.Empty(source.Claimed);

        using var receiver = hub.OpenSignalReceiver(SIGTERM);
        Assert.Throws<IOException>(() => receiver.Add(SIGHUP));
        Assert.Equal([SIGTERM], receiver.Subscribed);
        Assert.Equal([SIGTERM], source.Claimed);
    }

    [Theory]
    [InlineData(SIGCHLD)]
    [InlineData(SIGWINCH)]
    [InlineData(SIGCONT)]
    [InlineData(SIGTSTP)]
    [InlineData(SIGSTOP)]
    public void Signal_that_ends_nothing_ends_no_process(ShutdownSignal signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Each signal that Windows has ends a process.");
        using var test = new TestSignalHub();
        var error = Assert.Throws<ArgumentException>(() => test.Hub.ExitBySignal(signal));
        Assert.Contains(signal.GetName(), error.Message, StringComparison.Ordinal);
        Assert.Contains("SIGTERM", error.Message, StringComparison.Ordinal);
        Assert.Null(test.Ended);
    }
}
