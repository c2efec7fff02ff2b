namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>Protected blocks that use up their time.</summary>
public sealed class BlockDeadlineTests
{
    // A tenth less than three seconds and a half, for clocks that do not agree; far more, for a machine that is busy.
    private static readonly TimeSpan Earliest = TimeSpan.FromSeconds(3.4);
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Block_that_hangs_is_cut_off_at_its_deadline_and_the_process_ends_after_the_time_to_roll_back()
    {
        using var child = await MainChild.StartAsync("configure rollback=0.5", "handler a");
        var start = TimeProvider.System.GetTimestamp();
        child.Send(SIGTERM);
        await child.WaitForExitAsync();
        var unprotected = TimeProvider.System.GetElapsedTime(start);
        Assert.True(unprotected < Earliest, $"Nobody holds the end, and it took {unprotected}.");

        using var other = await MainChild.StartAsync("configure rollback=0.5", "handler a");
        start = TimeProvider.System.GetTimestamp();
        await other.DoAsync("block b 3", "cut-off b");
        other.Send(SIGTERM);
        await other.ExpectAsync("b cut off");
        await other.AssertEndsAsync(SIGTERM, "a");
        var took = TimeProvider.System.GetElapsedTime(start);
        Assert.InRange(took, Earliest, Latest);
    }

    [Theory]
    [InlineData("main protected-rolls-back w 0.3")]
    [InlineData("thread protected-rolls-back w 0.3")]
    public async Task Roll_back_runs_to_its_end_then_handlers_run_and_the_process_ends_by_the_signal(string work)
    {
        using var child = await MainChild.StartAsync("configure rollback=60", "watch", "handler a");
        await child.DoAndExpectAsync(work, "w begun");
        child.Send(SIGTERM);
        await child.ExpectAsync("w rolls back");
        Assert.Empty(MainChild.HandlersOf(child));
        child.Tell("release w");
        await child.ExpectAsync("w rolled back");
        if (work.StartsWith("thread", StringComparison.Ordinal))
        {
            // Else the block has ended the main function, and soon the process.
            child.Tell("main return");
        }

        await child.AssertEndsAsync(SIGTERM, "a");
        child.AssertNoUnhandledException();
    }

    [Fact]
    public async Task Block_that_renews_itself_is_not_cut_off()
    {
        using var child = await MainChild.StartAsync("configure rollback=0.2", "handler a", "block b 60", "block c 0.3");
        child.Send(SIGTERM);
        await child.DoAsync("state Requested");

        // Past the time of one block, and not of the other: nothing but time shows that the latest deadline counts.
        await Task.Delay(TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken);
        await child.DoAsync("state Requested", "off c", "renew b", "state Requested");
        Assert.Empty(MainChild.HandlersOf(child));
        child.Tell("off b");
        await child.AssertEndsAsync(SIGTERM, "a");
    }

    [Fact]
    public async Task Cut_off_block_is_named_on_the_standard_error_stream()
    {
        using var child = await MainChild.StartAsync("rehearse", "configure rollback=0.2", "block b 0.3");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
        Assert.Contains("The shutdown was held up: ", child.Output, StringComparison.Ordinal);
        Assert.Contains("block 'b' still runs", child.Output, StringComparison.Ordinal);
    }
}
