namespace SignalStreams.Tests.Shutdown;

public sealed class ShutdownTimelineTests
{
    private static readonly ShutdownTimeline Sample = new(
        "SIGTERM from pid 1 (systemd), uid 0",
        ShutdownState.Ended,
        TimeSpan.FromSeconds(7.25),
        [
            new(TimelineEntryKind.Block, "checkout", TimeSpan.FromSeconds(-3), TimeSpan.FromSeconds(1.5), TimelineOutcome.Done),
            new(TimelineEntryKind.Request, "SIGTERM from pid 1 (systemd), uid 0", TimeSpan.Zero, TimeSpan.Zero, TimelineOutcome.Done),
            new(TimelineEntryKind.Token, "StoppingToken", TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(0.002), TimelineOutcome.Done),
            new(TimelineEntryKind.Handler, "flush: #1; all, 100%", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimelineOutcome.GivenUp, TimeSpan.FromSeconds(5)),
            new(TimelineEntryKind.Handler, "close", TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(0.25), TimelineOutcome.Failed, TimeSpan.FromSeconds(5), new IOException("broken\npipe")),
            new(TimelineEntryKind.Handler, "late", TimeSpan.FromSeconds(7.25), TimeSpan.Zero, TimelineOutcome.Skipped),
        ]);

    [Fact]
    public void Verdict_names_the_culprits_and_their_times() =>
        Assert.Equal("The shutdown was held up: handler 'flush: #1; all, 100%' was given up after 5 s (limit 5 s).", Sample.Verdict);

    [Fact]
    public void Table_is_plain_text() => Assert.Equal(
        """
        The shutdown was held up: handler 'flush: #1; all, 100%' was given up after 5 s (limit 5 s).
        Shutdown by SIGTERM from pid 1 (systemd), uid 0: over after 7.25 s
              at   took  what     name                                 outcome
          -3.000  1.500  block    checkout                             ended
           0.000         request  SIGTERM from pid 1 (systemd), uid 0
           1.500  0.002  token    StoppingToken                        ended
           2.000  5.000  handler  flush: #1; all, 100%                 was given up, limit 5 s
           7.000  0.250  handler  close                                failed: IOException: broken pipe
           7.250         handler  late                                 was skipped

        """.ReplaceLineEndings("\n"),
        Sample.ToString());

    [Fact]
    public void Chart_has_a_section_for_each_kind_and_none_of_its_own_punctuation() => Assert.Equal(
        """
        gantt
            title Shutdown by SIGTERM from pid 1 (systemd)  uid 0
            dateFormat x
            axisFormat %M:%S.%L
            section request
            SIGTERM from pid 1 (systemd)  uid 0 :milestone, 0, 0
            section token
            StoppingToken :done, 1500, 1502
            section block
            checkout :done, 0, 1500
            section handler
            flush   1  all  100  (was given up) :crit, 2000, 7000
            close (failed) :done, 7000, 7250
            late (was skipped) :done, 7250, 7250

        """.ReplaceLineEndings("\n"),
        Sample.ToMermaid());

    [Fact]
    public void End_without_a_culprit_has_no_verdict()
    {
        var quiet = Sample with { Entries = [.. Sample.Entries.Where(entry => !entry.IsCulprit)] };
        Assert.Null(quiet.Verdict);
        Assert.StartsWith("Shutdown by ", quiet.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_thousand_entries_those_that_matter_are_shown()
    {
        var many = Sample with
        {
            Entries = [.. Sample.Entries, .. Enumerable.Range(0, 1000).Select(i => new ShutdownTimelineEntry(TimelineEntryKind.Handler, $"h{i}", TimeSpan.Zero, TimeSpan.FromMilliseconds(i % 10), TimelineOutcome.Done))],
        };
        var text = many.ToString();
        Assert.Contains("was given up", text, StringComparison.Ordinal);
        Assert.Contains(" h9 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" h0 ", text, StringComparison.Ordinal);
        Assert.Contains("and 906 more, of 0.009 s at most each", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TimelineOutput.Always, true)]
    [InlineData(TimelineOutput.WhenLimitPassed, false)]
    [InlineData(TimelineOutput.Never, false)]
    public async Task Clean_end_hands_it_out_where_that_was_chosen(TimelineOutput output, bool isHandedOut)
    {
        using var test = new TestSignalHub();
        ShutdownTimeline? timeline = null;
        test.ShutdownManager.Configure(o => (o.Timeline, o.OnTimeline) = (output, given => timeline = given));
        test.ShutdownManager.Register(() => { }, name: "quick");
        test.Raise(SIGTERM, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 });
        await test.WaitForEndAsync();
        Assert.Equal(isHandedOut, timeline is not null);
        if (timeline is not null)
        {
            Assert.Equal("SIGTERM from pid 1, uid 0", timeline.Reason);
            Assert.Equal(["SIGTERM from pid 1, uid 0", "StoppingToken", "exit", "quick"], timeline.Entries.Select(entry => entry.Name));
        }
    }

    [Fact]
    public async Task Limit_that_was_passed_hands_it_out_by_itself()
    {
        using var test = new TestSignalHub();
        using var hang = new ManualResetEventSlim();
        ShutdownTimeline? timeline = null;
        test.ShutdownManager.Configure(o => o.OnTimeline = given => timeline = given);
        test.ShutdownManager.Register(() => hang.Wait(Patience.Limit), timeLimit: TimeSpan.FromMilliseconds(20), name: "hangs");
        test.Raise(SIGTERM);
        await test.WaitForEndAsync();
        Assert.Equal("hangs", Assert.Single(timeline!.Culprits, culprit => culprit.Kind != TimelineEntryKind.Token).Name);
        hang.Set();
    }

    [Fact]
    public void End_by_force_hands_it_out_by_itself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGHUP and SIGQUIT are not among the signals that end a process there.");
        var time = new ManualTime();
        using var test = new TestSignalHub(time);
        ShutdownTimeline? timeline = null;
        test.ShutdownManager.Configure(o => o.OnTimeline = given => timeline = given);
        using var block = test.ShutdownManager.Enter(name: "checkout");
        test.Raise(SIGINT);
        test.Raise(SIGTERM);

        // Else a thread that cancels a token would be late with it by a second.
        Assert.True(SpinWait.SpinUntil(() => test.ShutdownManager.Pending.Count == 1, Patience.Limit));
        time.Advance(TimeSpan.FromSeconds(1));
        test.Raise(SIGQUIT);
        Assert.Equal(TestProcessEndCause.TooManyAttempts, test.Ended?.Cause);

        // The end waits for it for a quarter of a second only.
        Assert.True(SpinWait.SpinUntil(() => timeline is not null, Patience.Limit));
        Assert.Equal("checkout", Assert.Single(timeline!.Culprits).Name);
        Assert.Equal(ShutdownState.Requested, timeline.State);
    }

    [Fact]
    public void Tracked_work_is_shown_with_its_outcome()
    {
        using var test = new TestSignalHub();
        var manager = test.ShutdownManager;
        var running = new TaskCompletionSource();
        manager.Track("before anybody asked", Task.CompletedTask);
        using var block = manager.Enter(name: "block");
        test.Raise(SIGTERM);
        manager.Track("done", Task.CompletedTask);
        manager.Track("failed", Task.FromException(new IOException("no")));
        manager.Track("cancelled", Task.FromCanceled(new CancellationToken(true)));
        manager.Track("running", running.Task);
        Assert.Equal(
            [("done", TimelineOutcome.Done), ("failed", TimelineOutcome.Failed), ("cancelled", TimelineOutcome.Cancelled), ("running", TimelineOutcome.Running)],
            manager.Timeline.Entries.Where(entry => entry.Kind == TimelineEntryKind.Child).Select(entry => (entry.Name, entry.Outcome)));
        Assert.Equal(["block", "running"], manager.Pending.Select(entry => entry.Name));
        running.SetResult();
        Assert.Equal("block", Assert.Single(manager.Pending).Name);
    }
}
