namespace SignalStreams.Hosting.Tests;

/// <summary>The socket: what it takes, and what happens when it is full or gone.</summary>
public sealed class SystemdNotifierTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly LogLines _log = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_programs_own_lines_arrive_as_they_are(bool isAbstract)
    {
        using var manager = new FakeServiceManager(isAbstract);
        var notifier = Make(manager.Address);
        notifier.Notify("STATUS=warm: 50 %\nX_MY=ä");
        notifier.SetStatus("two\r\nlines\0");
        manager.Expect("STATUS=warm: 50 %\nX_MY=ä", "STATUS=two lines ");
        notifier.Close();
    }

    [Theory]
    [InlineData("")]
    [InlineData("READY")]
    [InlineData("=1")]
    public void What_is_no_assignment_is_refused_at_the_door(string state)
    {
        Assert.Contains("STATUS=warming up", Assert.Throws<ArgumentException>(() => Make(null).Notify(state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_systemd_would_not_read_is_refused_at_the_door()
    {
        var error = Assert.Throws<ArgumentException>(() => Make(null).Notify($"STATUS={new string('ä', 2048)}"));
        Assert.Contains("4103 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_status_is_cut_off_between_characters()
    {
        using var manager = new FakeServiceManager();
        var notifier = Make(manager.Address);
        notifier.SetStatus($"x{string.Concat(Enumerable.Repeat("😀", 2000))}");
        var message = manager.Next();
        Assert.EndsWith("😀…", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', message);
        notifier.Close();
    }

    [Theory]
    [InlineData("vsock:2:1234", "AF_VSOCK")]
    [InlineData("vsock-stream:2:1234", "AF_VSOCK")]
    [InlineData("run/notify", "neither a path from the root nor a name")]
    [InlineData("@", "neither a path from the root nor a name")]
    [InlineData("/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789", "")]
    public void An_address_that_is_of_no_use_is_named_in_the_log(string address, string why)
    {
        var notifier = Make(address);
        Assert.False(notifier.IsEnabled);
        notifier.SetStatus("nobody listens");
        var line = Assert.Single(_log.Lines);
        Assert.StartsWith("Warning", line, StringComparison.Ordinal);
        Assert.Contains($"NOTIFY_SOCKET is \"{address}\"", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_gone_is_named_once_in_the_log_and_heard_again_when_it_is_back()
    {
        string address;
        var manager = new FakeServiceManager();
        address = manager.Address;
        var notifier = Make(address);
        notifier.SetStatus("1");
        manager.Expect("STATUS=1");
        manager.Dispose();

        notifier.SetStatus("2");
        notifier.SetStatus("3");
        await _log.LineAsync("systemd does not hear what the service tells it");
        using (var next = new FakeServiceManager(path: address))
        {
            notifier.SetStatus("4");
            next.Expect("STATUS=4");
        }

        Assert.Single(_log.Lines);
        Assert.Equal(0, _time.Timers);
        notifier.Close();
    }

    [Fact]
    public void A_full_socket_keeps_nobody_waiting_and_gets_the_rest_in_order_when_there_is_room()
    {
        using var manager = new FakeServiceManager();
        var notifier = Make(manager.Address);
        var sent = 0;
        while (_time.Timers == 0)
        {
            notifier.Notify($"X_N={sent++}");
            Assert.True(sent < 1_000_000, "The socket is never full.");
        }

        // The last one waits already.
        notifier.SetStatus("old");
        notifier.SetStatus("new");
        notifier.Notify("WATCHDOG=1");
        notifier.Notify("WATCHDOG=1");
        notifier.Notify("READY=1");
        Assert.Equal(sent - 1, manager.All().Count);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        manager.Expect($"X_N={sent - 1}", "STATUS=new", "WATCHDOG=1", "READY=1");
        Assert.Equal(0, _time.Timers);
        notifier.Close();
    }

    [Fact]
    public void Of_what_waits_for_a_full_socket_the_oldest_is_given_up()
    {
        using var manager = new FakeServiceManager();
        var notifier = Make(manager.Address);
        while (_time.Timers == 0)
        {
            notifier.Notify("X_FILL=1");
        }

        for (var n = 0; n < 100; n++)
        {
            notifier.Notify($"X_N={n}");
        }

        // How many a socket takes is the system's to say (net.unix.max_dgram_qlen): on some, fewer than wait.
        manager.All();
        var messages = new List<string>();
        for (var turn = 0; _time.Timers > 0; turn++)
        {
            Assert.True(turn < 1000, "What waits is never sent.");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            messages.AddRange(manager.All());
        }

        Assert.Equal(Enumerable.Range(84, 16).Select(n => $"X_N={n}"), messages);
        notifier.Close();
    }

    public void Dispose() => _log.Dispose();

    private SystemdNotifier Make(string? socket) => new(socket, _time, _log.CreateLogger(""));
}
