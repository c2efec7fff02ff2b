namespace SignalStreams.Processes.Tests;

public sealed class RunTests
{
    private readonly FakePlatform _platform = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_run_returns_the_status_of_an_end_by_itself()
    {
        var run = RunAsync();
        (await _platform.NextAsync()).End(ProcessExitStatus.FromCode(3));
        Assert.Equal(3, (await run.WaitAsync(SupervisionLimits.Test)).Code);
    }

    [Fact]
    public async Task A_cancelled_run_throws_with_its_token_once_the_process_is_gone()
    {
        using var graceful = new CancellationTokenSource();
        using var forceful = new CancellationTokenSource();
        var run = RunAsync(graceful: graceful.Token, forceful: forceful.Token);
        var child = await _platform.NextAsync();
        await graceful.CancelAsync();
        await SupervisionLimits.UntilAsync(() => child.Sent.Count > 0);
        Assert.False(run.IsCompleted);
        child.End(ProcessExitStatus.FromCode(0));
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(SupervisionLimits.Test));
        Assert.Equal(graceful.Token, error.CancellationToken);
        Assert.True(child.IsDisposed);
        Assert.True(run.IsCanceled);
    }

    [Fact]
    public async Task The_forceful_token_kills()
    {
        using var forceful = new CancellationTokenSource();
        var run = RunAsync(forceful: forceful.Token);
        var child = await _platform.NextAsync();
        await forceful.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(SupervisionLimits.Test));
        Assert.Equal(forceful.Token, error.CancellationToken);
        Assert.Empty(child.Sent);
    }

    [Fact]
    public async Task Of_two_tokens_the_first_one_is_named()
    {
        using var graceful = new CancellationTokenSource();
        using var forceful = new CancellationTokenSource();
        var run = RunAsync(graceful: graceful.Token, forceful: forceful.Token);
        var child = await _platform.NextAsync();
        await graceful.CancelAsync();
        await SupervisionLimits.UntilAsync(() => child.Sent.Count > 0);
        await forceful.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(SupervisionLimits.Test));
        Assert.Equal(graceful.Token, error.CancellationToken);
        Assert.Equal(SIGKILL, (await child.Exit).Signal);
    }

    [Fact]
    public async Task Of_two_tokens_the_first_one_is_named_also_when_its_callbacks_are_still_to_come()
    {
        using var graceful = new CancellationTokenSource();
        using var forceful = new CancellationTokenSource();
        var run = RunAsync(graceful: graceful.Token, forceful: forceful.Token);
        _ = await _platform.NextAsync();
        using var gate = new ManualResetEventSlim();
        graceful.Token.Register(gate.Wait);
        var cancelling = graceful.CancelAsync();
        await forceful.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(SupervisionLimits.Test));
        gate.Set();
        await cancelling;
        Assert.Equal(graceful.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_starts_nothing()
    {
        var run = RunAsync(graceful: new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(SupervisionLimits.Test));
        Assert.Equal(0, _platform.Starts);
    }

    [Fact]
    public async Task A_token_cancelled_after_the_end_changes_nothing()
    {
        using var graceful = new CancellationTokenSource();
        var run = RunAsync(graceful: graceful.Token);
        (await _platform.NextAsync()).End(ProcessExitStatus.FromCode(0), leavesDescendants: true);
        await run.WaitAsync(SupervisionLimits.Test);
        await graceful.CancelAsync();
        Assert.True(run.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_pause_that_is_cancelled_is_a_cancellation()
    {
        using var graceful = new CancellationTokenSource();
        var run = RunAsync(new SupervisedProcessOptions { Restart = RestartPolicy.Always, TimeProvider = _time }, graceful.Token);
        (await _platform.NextAsync()).Fail();
        await SupervisionLimits.UntilAsync(() => _time.Timers > 0);
        await graceful.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(SupervisionLimits.Test));
        Assert.Equal(1, _platform.Starts);
    }

    [Fact]
    public async Task A_stop_between_the_end_of_a_run_and_its_pause_is_a_cancellation()
    {
        _platform.ChildrenAreUnkillable = true;
        using var graceful = new CancellationTokenSource();
        var run = RunAsync(new SupervisedProcessOptions { Restart = RestartPolicy.Always, TimeProvider = _time }, graceful.Token);
        (await _platform.NextAsync()).End(ProcessExitStatus.FromCode(1), leavesDescendants: true);
        await SupervisionLimits.UntilAsync(() => _time.Timers > 0);
        await graceful.CancelAsync();
        await SupervisionLimits.UntilAsync(() => run.IsCompleted, () => _time.Advance(TimeSpan.FromMilliseconds(100)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(1, _platform.Starts);
    }

    [Fact]
    public async Task A_failure_is_an_error_when_it_is_asked_for()
    {
        var run = RunAsync(new SupervisedProcessOptions { ThrowOnFailure = true, Name = "indexer" });
        (await _platform.NextAsync()).End(ProcessExitStatus.FromCode(3));
        var error = await Assert.ThrowsAsync<ProcessFailedException>(() => run.WaitAsync(SupervisionLimits.Test));
        Assert.Equal(("indexer", 3), (error.Name, error.ExitStatus.Code));
        Assert.Contains("'indexer' failed: it ended with exit code 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_throws_when_it_failed_and_only_then()
    {
        ProcessExitStatus.FromCode(0).ThrowIfFailed("x");
        Assert.Contains("SIGUSR1 ended it", Assert.Throws<ProcessFailedException>(() => ProcessExitStatus.FromSignal(SIGUSR1).ThrowIfFailed("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_of_a_status_is_an_end_with_code_0_whichever_member_is_asked()
    {
        ProcessExitStatus status = default;
        Assert.Equal(ProcessExitStatus.FromCode(0), status);
        Assert.Equal((0, true, 0, "exit code 0"), (status.Code!.Value, status.IsSuccess, status.ShellCode, status.ToString()));
        Assert.Null(ProcessExitStatus.FromSignal(SIGTERM).Code);
    }

    [Fact]
    public async Task Redirected_output_needs_somebody_who_reads_it()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => SupervisedProcess.RunAsync(Fixture.Info(redirects: true), null, null, _platform.Parts, default, default));
        Assert.Contains("onLine", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => SupervisedProcess.RunAsync(Fixture.Info(), _ => { }, null, _platform.Parts, default, default));
        Assert.Equal(0, _platform.Starts);
    }

    [Fact]
    public async Task All_lines_are_given_before_a_run_returns()
    {
        var lines = new List<string>();
        var run = SupervisedProcess.RunAsync(Fixture.Info(redirects: true), line => lines.Add(line.Text), null, _platform.Parts, default, default);
        var child = await _platform.NextAsync();
        await child.WriteAsync("a\nb\nc");
        child.End(ProcessExitStatus.FromCode(0));
        await run.WaitAsync(SupervisionLimits.Test);
        Assert.Equal(["a", "b", "c"], lines);
    }

    [Fact]
    public async Task What_the_reader_throws_stops_the_process_and_comes_out()
    {
        var run = SupervisedProcess.RunAsync(Fixture.Info(redirects: true), _ => throw new FormatException("bad line"), null, _platform.Parts, default, default);
        var child = await _platform.NextAsync();
        await child.WriteAsync("a\n");
        await SupervisionLimits.UntilAsync(() => child.Sent.Count > 0);
        child.End(ProcessExitStatus.FromSignal(SIGTERM));
        Assert.Equal("bad line", (await Assert.ThrowsAsync<FormatException>(() => run.WaitAsync(SupervisionLimits.Test))).Message);
    }

    [Fact]
    public async Task Redirected_input_ends_at_once_in_every_run()
    {
        var info = Fixture.Info();
        info.RedirectStandardInput = true;
        var run = SupervisedProcess.RunAsync(info, null, new() { Restart = RestartPolicy.OnFailure with { Backoff = TimeSpan.Zero } }, _platform.Parts, default, default);
        var first = await _platform.NextAsync();
        first.Fail();
        var second = await _platform.NextAsync();
        second.End(ProcessExitStatus.FromCode(0));
        await run.WaitAsync(SupervisionLimits.Test);
        Assert.False(first.Input!.CanWrite);
        Assert.False(second.Input!.CanWrite);
    }

    [Fact]
    public async Task A_failing_sibling_in_a_task_group_stops_the_process_by_its_plan()
    {
        var fails = new TaskCompletionSource();
        var group = TaskGroup.RunAsync(g =>
        {
            g.Start("process", token => RunAsync(graceful: token));
            g.Start("sibling", _ => fails.Task);
            return Task.CompletedTask;
        });
        var child = await _platform.NextAsync();
        fails.SetException(new FormatException("sibling"));
        await SupervisionLimits.UntilAsync(() => child.Sent.Count > 0);
        Assert.False(group.IsCompleted);
        child.End(ProcessExitStatus.FromSignal(SIGTERM));
        var error = await Assert.ThrowsAsync<AggregateException>(() => group.WaitAsync(SupervisionLimits.Test));
        Assert.IsType<FormatException>(Assert.Single(error.InnerExceptions));
        Assert.True(child.IsDisposed);
    }

    [Fact]
    public async Task A_failing_process_fails_its_task_group_when_that_is_asked_for()
    {
        var siblingEnded = false;
        var group = TaskGroup.RunAsync(g =>
        {
            g.Start("process", token => RunAsync(new SupervisedProcessOptions { ThrowOnFailure = true }, token));
            g.Start("sibling", async token =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                finally
                {
                    siblingEnded = true;
                }
            });
            return Task.CompletedTask;
        });
        (await _platform.NextAsync()).Fail();
        var error = await Assert.ThrowsAsync<AggregateException>(() => group.WaitAsync(SupervisionLimits.Test));
        Assert.IsType<ProcessFailedException>(Assert.Single(error.InnerExceptions));
        Assert.True(siblingEnded);
    }

    [Fact]
    public async Task A_group_whose_close_timeout_is_shorter_than_the_plan_gives_up_waiting_and_the_stop_goes_on()
    {
        Task<ProcessExitStatus>? run = null;
        using var source = new CancellationTokenSource();
        var group = TaskGroup.RunAsync(
            new TaskGroupOptions { CloseTimeout = TimeSpan.FromMilliseconds(50) },
            g =>
            {
                g.Start("process", token => run = RunAsync(graceful: token));
                return Task.CompletedTask;
            },
            source.Token);
        var child = await _platform.NextAsync();
        await source.CancelAsync();
        var error = await Assert.ThrowsAsync<ShutdownTimeoutException>(() => group.WaitAsync(SupervisionLimits.Test));
        Assert.Contains("process", error.Message, StringComparison.Ordinal);
        Assert.False(run!.IsCompleted);
        child.End(ProcessExitStatus.FromSignal(SIGTERM));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(SupervisionLimits.Test));
        Assert.True(child.IsDisposed);
    }

    [Fact]
    public async Task It_works_under_a_context_with_one_thread_that_is_blocked()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                SynchronizationContext.SetSynchronizationContext(new DeafContext());
                UseAll();
                done.SetResult();
            }
#pragma warning disable CA1031 // Whatever it is, the test is to show it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });
        thread.Start();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private Task<ProcessExitStatus> RunAsync(SupervisedProcessOptions? options = null, CancellationToken graceful = default, CancellationToken forceful = default) =>
        SupervisedProcess.RunAsync(Fixture.Info(), null, options, _platform.Parts, graceful, forceful);

    private void UseAll()
    {
        using var graceful = new CancellationTokenSource();
        var run = RunAsync(graceful: graceful.Token);
        FakeChild child;
        while (!_platform.TryNext(out child!))
        {
            Thread.Yield();
        }

        graceful.Cancel();
        child.End(ProcessExitStatus.FromCode(4));
        Assert.True(((IAsyncResult)run).AsyncWaitHandle.WaitOne(SupervisionLimits.Test));
        Assert.True(run.IsCanceled);
        var process = SupervisedProcess.Start(Fixture.Info(redirects: true), new() { Restart = RestartPolicy.Always }, _platform.Parts);
        var lines = process.ReadLinesAsync().GetAsyncEnumerator();
        var line = lines.MoveNextAsync().AsTask();
        var events = process.ReadEventsAsync().GetAsyncEnumerator();
        Assert.True(events.MoveNextAsync().AsTask().Wait(SupervisionLimits.Test));
        Assert.True(process.DisposeAsync().AsTask().Wait(SupervisionLimits.Test));
        Assert.True(line.Wait(SupervisionLimits.Test));
        Assert.True(events.MoveNextAsync().AsTask().Wait(SupervisionLimits.Test));
    }

    /// <summary>Whoever posts here waits for ever: that is a context whose thread is blocked.</summary>
    private sealed class DeafContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
