namespace SignalStreams.ProcessTests;

public sealed class CancelOnTests
{
    [Theory]
    [InlineData("SIGHUP")]
    [InlineData("SIGINT")]
    [InlineData("SIGQUIT")]
    [InlineData("SIGTERM")]
    [InlineData("SIGUSR1")]
    [InlineData("SIGRTMIN+1")]
    public async Task First_signal_cancels_and_is_named(string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel c SIGHUP SIGINT SIGQUIT SIGTERM SIGUSR1 SIGRTMIN+1");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"c cancelled {name}");
        await child.EndAsync();
    }

    [Fact]
    public async Task Source_that_exists_is_cancelled_and_the_default_is_back_after_disposal()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel-existing c SIGTERM");
        child.Send(SIGTERM);
        await child.ExpectAsync("c cancelled");
        await child.DoAsync("off c");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Second_signal_does_nothing_and_the_third_ends_the_process_by_itself()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel c SIGINT SIGTERM SIGQUIT");
        child.Send(SIGINT);
        await child.ExpectAsync("c cancelled SIGINT");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
        Assert.Equal(1, child.Output.Split('\n').Count(line => line.StartsWith("c cancelled", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_signal_three_times_ends_the_process()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel c SIGTERM");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 1");
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.DoAsync("attempts 2");
        await AttemptGap.PassAsync();
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    [Theory]
    [InlineData("blocked")]
    [InlineData("busy")]
    [InlineData("exiting")]
    public async Task Third_signal_ends_a_process_that_hangs_in_every_thread(string main)
    {
        using var child = await ChildProcess.StartReadyAsync("Hung", main);
        child.Send(SIGINT);
        await child.ExpectAllAsync("token hangs", "callback hangs", "loop hangs", "attempts 1");
        child.Send(SIGTERM);
        await child.ExpectAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
        Assert.DoesNotContain("goes on", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_signal_within_100_ms_counts_once()
    {
        using var child = await ChildProcess.StartReadyAsync("SameAttempt");
        for (var i = 0; i < 3; i++)
        {
            // The child decides by its own timestamps which of them were close together: a busy machine may pull some apart.
            for (var j = 0; j < 10; j++)
            {
                child.Send(SIGTERM);
                await child.ExpectNextAsync("as expected");
            }

            await AttemptGap.PassAsync();
        }

        child.Send(SIGUSR1);
        Assert.InRange(int.Parse(await child.ExpectRestAsync("counted "), System.Globalization.CultureInfo.InvariantCulture), 3, 29);
        Assert.InRange(int.Parse(await child.ExpectRestAsync("merged "), System.Globalization.CultureInfo.InvariantCulture), 1, 27);
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Unlimited_attempts_never_end_the_process()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("max unlimited", "cancel c SIGINT SIGTERM SIGQUIT");
        for (var attempts = 1; attempts <= 9; attempts++)
        {
            ShutdownSignal[] signals = [SIGINT, SIGTERM, SIGQUIT];
            child.Send(signals[attempts % 3]);
            await child.DoAsync($"attempts {attempts}");
            if (attempts % 3 == 0)
            {
                await AttemptGap.PassAsync();
            }
        }

        await child.EndAsync();
    }

    [Fact]
    public async Task With_one_attempt_the_first_signal_ends_the_process()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("max 1", "cancel c SIGTERM");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Hangup_and_user_signals_are_no_attempts()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel c SIGHUP SIGUSR1", "read r SIGHUP SIGUSR1");
        for (var i = 0; i < 4; i++)
        {
            child.Send(SIGHUP);
            await child.ExpectAsync("r SIGHUP");
            child.Send(SIGUSR1);
            await child.ExpectAsync("r SIGUSR1");
        }

        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Receivers_alone_count_no_attempts()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("read r SIGINT SIGTERM SIGQUIT");
        foreach (var signal in new[] { SIGINT, SIGTERM, SIGQUIT, SIGINT })
        {
            child.Send(signal);
            await child.ExpectAsync($"r {signal.GetName()}");
        }

        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Counter_starts_anew_after_everything_that_escalates_was_disposed()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel c SIGINT SIGTERM SIGQUIT");
        child.Send(SIGINT);

        // Acted on, and not only counted: what a disposed source has not acted on is raised again.
        await child.ExpectAsync("c cancelled SIGINT");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 2", "off c", "attempts 0", "cancel d SIGINT SIGTERM SIGQUIT");
        child.Send(SIGINT);
        await child.DoAsync("attempts 1");
        child.Send(SIGTERM);
        await child.DoAsync("attempts 2");
        child.Send(SIGQUIT);
        await child.AssertEndsAsync(SIGQUIT);
    }

    [Fact]
    public async Task Disposed_source_gives_the_default_back()
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("cancel c SIGTERM", "off c");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }
}
