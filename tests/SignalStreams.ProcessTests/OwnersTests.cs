namespace SignalStreams.ProcessTests;

/// <summary>Others in the same process who own signals, before, during and after we do.</summary>
public sealed class OwnersTests
{
    public static TheoryData<string> Signals { get; } = ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1"];

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Registration_from_before_gets_its_signal_while_we_listen_and_after(string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync($"registration other {name} cancel");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"other {name}");
        await child.DoAsync($"read-forward ours {name}");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAllAsync($"other {name}", $"ours {name}");
        await child.DoAsync("off ours");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"other {name}");
        await child.DoAsync("off other");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Registration_made_while_we_listen_gets_its_signal_then_and_after(string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync($"read-forward ours {name}", $"registration other {name} cancel");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAllAsync($"other {name}", $"ours {name}");
        await child.DoAsync("off ours");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"other {name}");
        await child.DoAsync("off other");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGHUP")]
    public async Task Registration_made_after_we_have_closed_is_given_nothing_that_came_before(string name)
    {
        const int Rounds = 20;
        var signal = ShutdownSignals.Parse(name);
        var late = 0;
        using var child = await RemoteChild.StartAsync();
        for (var i = 0; i < Rounds; i++)
        {
            await child.DoAsync($"read ours{i} {name}");
            child.Send(signal);
            await child.ExpectAsync($"ours{i} {name}");
            var start = TimeProvider.System.GetTimestamp();
            await child.DoAsync($"off ours{i}");

            // Whoever closes waits a tenth of a second for the copy that the runtime has been given. One that comes later goes to the next.
            late += TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(100) ? 1 : 0;
            await child.DoAsync($"registration other{i} {name} cancel");
            child.Send(signal);
            await child.ExpectAsync($"other{i} {name}");
            await child.DoAsync($"off other{i}");
        }

        Assert.InRange(child.Output.Split('\n').Count(line => line.StartsWith("other", StringComparison.Ordinal)), Rounds, Rounds + late);
        child.Send(signal);
        await child.AssertEndsAsync(signal);
    }

    [Fact]
    public async Task Registration_gets_SIGUSR1_while_we_listen_only_where_that_costs_nothing_or_is_asked_for()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("registration other SIGUSR1 cancel", "read ours SIGUSR1");
        child.Send(SIGUSR1);
        await child.ExpectAllAsync(Backend.IsNative ? ["ours SIGUSR1"] : ["ours SIGUSR1", "other SIGUSR1"]);

        // Asked for by one who comes later, and for as long as that one stays.
        await child.DoAsync("read-forward asking SIGUSR1");
        child.Send(SIGUSR1);
        await child.ExpectAllAsync("ours SIGUSR1", "asking SIGUSR1", "other SIGUSR1");
        Assert.Equal(Backend.IsNative ? 1 : 2, child.Output.Split('\n').Count(line => line == "other SIGUSR1"));
        await child.DoAsync("off asking", "off ours");
        child.Send(SIGUSR1);
        await child.ExpectAsync("other SIGUSR1");
        await child.EndAsync();
    }

    [Theory]
    [InlineData("SIGTERM", true)]
    [InlineData("SIGTERM", false)]
    [InlineData("SIGINT", true)]
    [InlineData("SIGINT", false)]
    [InlineData("SIGHUP", true)]
    [InlineData("SIGHUP", false)]
    [InlineData("SIGUSR1", true)]
    [InlineData("SIGUSR1", false)]
    public async Task Process_lives_while_we_listen_though_the_other_does_not_cancel(string name, bool isOtherFirst)
    {
        var signal = ShutdownSignals.Parse(name);
        using var child = await RemoteChild.StartAsync();
        string[] commands = [$"registration other {name} pass", $"read-forward ours {name}"];
        await child.DoAsync(isOtherFirst ? commands : [.. commands.Reverse()]);
        for (var i = 0; i < 3; i++)
        {
            child.Send(signal);
            await child.ExpectAllAsync($"other {name}", $"ours {name}");
        }

        await child.DoAsync("off ours");
        child.Send(signal);
        await child.AssertEndsAsync(signal);
    }

    [Theory]
    [InlineData("SIGTERM", true)]
    [InlineData("SIGTERM", false)]
    [InlineData("SIGINT", true)]
    [InlineData("SIGINT", false)]
    [InlineData("SIGHUP", true)]
    [InlineData("SIGHUP", false)]
    [InlineData("SIGUSR1", true)]
    [InlineData("SIGUSR1", false)]
    public async Task Other_who_leaves_while_we_listen_takes_nothing_from_us(string name, bool isOtherFirst)
    {
        using var child = await RemoteChild.StartAsync();
        string[] commands = [$"registration other {name} cancel", $"read ours {name}"];
        await child.DoAsync(isOtherFirst ? commands : [.. commands.Reverse()]);
        await child.DoAsync("off other");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"ours {name}");
        await child.DoAsync("off ours");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelKeyPress_that_leaves_while_we_listen_takes_nothing_from_us(bool isOtherFirst)
    {
        using var child = await RemoteChild.StartAsync();
        string[] commands = ["keys other cancel", "read ours SIGINT SIGQUIT"];
        await child.DoAsync(isOtherFirst ? commands : [.. commands.Reverse()]);
        await child.DoAsync("off other");
        child.Send(SIGINT);
        await child.ExpectAsync("ours SIGINT");
        child.Send(SIGQUIT);
        await child.ExpectAsync("ours SIGQUIT");
        await child.DoAsync("off ours");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
    }

    [Theory]
    [InlineData("cancel", true)]
    [InlineData("cancel", false)]
    [InlineData("pass", true)]
    [InlineData("pass", false)]
    public async Task CancelKeyPress_is_raised_beside_us_and_after(string answer, bool isOtherFirst)
    {
        using var child = await RemoteChild.StartAsync();
        string[] commands = [$"keys other {answer}", "read ours SIGINT SIGQUIT"];
        await child.DoAsync(isOtherFirst ? commands : [.. commands.Reverse()]);
        child.Send(SIGINT);
        await child.ExpectAllAsync("other ControlC", "ours SIGINT");
        child.Send(SIGQUIT);
        await child.ExpectAllAsync("other ControlBreak", "ours SIGQUIT");
        await child.DoAsync("off ours");
        child.Send(SIGINT);
        await child.ExpectAsync("other ControlC");
        if (answer == "cancel")
        {
            await child.DoAsync("off other");
            child.Send(SIGINT);
        }

        await child.AssertEndsAsync(SIGINT);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Generic_host_stops_beside_us(bool isHostFirst)
    {
        using var child = await RemoteChild.StartAsync();
        string[] commands = ["host h", "read ours SIGTERM SIGINT"];
        await child.DoAsync(isHostFirst ? commands : [.. commands.Reverse()]);
        child.Send(SIGTERM);
        await child.ExpectAllAsync("h stopping", "ours SIGTERM");

        // Stopped, the host has given its registrations back; ours is still there.
        await child.DoAsync("off h");
        child.Send(SIGTERM);
        await child.ExpectAsync("ours SIGTERM");
        await child.DoAsync("off ours");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Generic_host_stops_after_we_have_closed(bool isHostFirst)
    {
        using var child = await RemoteChild.StartAsync();
        string[] commands = ["host h", "read ours SIGTERM SIGINT"];
        await child.DoAsync(isHostFirst ? commands : [.. commands.Reverse()]);
        await child.DoAsync("off ours");
        child.Send(SIGINT);
        await child.ExpectAsync("h stopping");
        await child.DoAsync("off h");
        child.Send(SIGINT);
        await child.AssertEndsAsync(SIGINT);
    }

    [Fact]
    public async Task Third_signal_ends_the_process_though_the_host_swallows_it()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("host h", "cancel c SIGINT SIGTERM SIGQUIT");
        child.Send(SIGINT);
        await child.ExpectAllAsync("h stopping", "c cancelled SIGINT");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
    }
}
