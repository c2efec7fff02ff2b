namespace SignalStreams.ProcessTests;

/// <summary>A native handler that somebody else in the process has put on a signal, and that passes on what it gets to whoever was there before.</summary>
public sealed class ForeignHandlerTests
{
    public static TheoryData<string> Signals { get; } = ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"];

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Handler_put_on_top_takes_nothing_from_us_nor_from_a_registration_while_we_close_and_open(string name)
    {
        var signal = ShutdownSignals.Parse(name);
        using var child = await StartAsync();
        await child.DoAsync($"registration other {name} cancel", $"read-forward ours {name}", $"foreign f {name}");
        child.Send(signal);
        await child.ExpectAllAsync($"f {name}", $"ours {name}", $"other {name}");
        await child.DoAsync("off ours");
        child.Send(signal);
        await child.ExpectAllAsync($"f {name}", $"other {name}");
        await child.DoAsync($"read-forward again {name}");
        child.Send(signal);
        await child.ExpectAllAsync($"f {name}", $"again {name}", $"other {name}");

        // Gone, it has put back what it found: us.
        await child.DoAsync("off f");
        child.Send(signal);
        await child.ExpectAllAsync($"again {name}", $"other {name}");
        await child.DoAsync("off again");
        child.Send(signal);
        await child.ExpectAsync($"other {name}");
        await child.DoAsync("off other");
        child.Send(signal);
        await child.AssertEndsAsync(signal);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Sender_is_known_as_before_when_we_open_again_below_a_handler(string name)
    {
        using var child = await StartAsync();
        await child.DoAsync($"registration other {name} cancel", $"read ours {name}", $"foreign f {name}", "off ours", $"read-senders again {name}");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAllAsync($"f {name}", $"again {name} from {Backend.Sender}");
        await child.EndAsync();
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Signal_after_we_have_closed_ends_the_process_though_a_handler_is_on_top(string name)
    {
        using var child = await StartAsync();
        await child.DoAsync($"read ours {name}", $"foreign f {name}", "off ours");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Signal_ends_the_process_after_a_handler_that_has_outlived_us_is_gone(string name)
    {
        Assert.SkipUnless(Backend.IsNative, "The runtime takes its handler away from above the other, which puts it back: from then on it is its own previous one, and calls itself.");
        using var child = await StartAsync();
        for (var i = 0; i < 2; i++)
        {
            await child.DoAsync($"read ours {name}", $"foreign f {name}", "off ours", "off f", $"read again {name}");
            child.Send(ShutdownSignals.Parse(name));
            await child.ExpectAsync($"again {name}");
            await child.DoAsync("off again");
        }

        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Handler_from_before_sees_the_signal_while_we_listen_and_after(string name)
    {
        var signal = ShutdownSignals.Parse(name);
        using var child = await StartAsync();
        await child.DoAsync($"registration other {name} cancel", $"foreign f {name}", $"read-forward ours {name}");
        child.Send(signal);
        await child.ExpectAllAsync($"f {name}", $"ours {name}", $"other {name}");
        await child.DoAsync("off ours");
        child.Send(signal);
        await child.ExpectAllAsync($"f {name}", $"other {name}");
        await child.DoAsync("off f", "off other");
        child.Send(signal);
        await child.AssertEndsAsync(signal);
    }

    [Theory]
    [InlineData("SIGHUP")]
    [InlineData("SIGUSR1")]
    public async Task Handler_from_before_any_registration_sees_the_signal_while_we_listen_and_after(string name)
    {
        var signal = ShutdownSignals.Parse(name);
        using var child = await StartAsync();
        await child.DoAsync($"foreign f {name}", $"read ours {name}");
        child.Send(signal);
        await child.ExpectAllAsync($"f {name}", $"ours {name}");
        await child.DoAsync("off ours");
        child.Send(signal);
        await child.ExpectAsync($"f {name}");
        await child.EndAsync();
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Handler_from_before_that_leaves_while_we_listen_takes_nothing_from_us(string name)
    {
        var signal = ShutdownSignals.Parse(name);
        using var child = await StartAsync();
        await child.DoAsync($"registration other {name} cancel", $"foreign f {name}", $"read-forward ours {name}", "off f");
        for (var i = 0; i < 2; i++)
        {
            child.Send(signal);
            await child.ExpectAllAsync($"ours {name}", $"other {name}");
            await child.DoAsync("off ours");
            child.Send(signal);
            await child.ExpectAsync($"other {name}");
            await child.DoAsync($"read-forward ours {name}");
        }

        await child.DoAsync("off ours", "off other");
        child.Send(signal);
        await child.AssertEndsAsync(signal);
    }

    private static Task<ChildProcess> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(ChildStart.TestProgram)!, "foreign.so")), "There was no C compiler.");
        return RemoteChild.StartAsync();
    }
}
