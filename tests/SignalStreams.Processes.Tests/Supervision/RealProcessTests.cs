using System.Diagnostics;
using System.Text;

namespace SignalStreams.Processes.Tests;

/// <summary>The rules of supervision with real processes.</summary>
public sealed class RealProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("supervised").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Arguments_environment_and_folder_reach_a_real_process_exactly()
    {
        var info = Python("import os, sys; print(sys.argv[1:], os.getcwd()); print(sorted(os.environb.items()))");
        info.ArgumentList.Add("");
        info.ArgumentList.Add("a b\"'$X\n*");
        info.WorkingDirectory = _folder;
        info.Environment.Clear();
        info.Environment["LC_CTYPE"] = "C.UTF-8";
        info.Environment["A"] = "1=2\n";
        await using var process = SupervisedProcess.Start(info);
        var lines = await AllAsync(process);
        Assert.Equal(["['', 'a b\"\\'$X\\n*'] " + _folder, "[(b'A', b'1=2\\n'), (b'LC_CTYPE', b'C.UTF-8')]"], lines.Select(line => line.Text));
        Assert.True((await process.Completion.WaitAsync(SupervisionLimits.Test)).IsSuccess);
    }

    [Fact]
    public async Task The_program_is_told_its_name_as_the_caller_gave_it()
    {
        await using var process = SupervisedProcess.Start(Program("cat", "/proc/self/cmdline"));
        Assert.Equal("cat\0/proc/self/cmdline\0", Assert.Single(await AllAsync(process)).Text);
    }

    [Fact]
    public async Task A_step_that_this_system_does_not_have_is_a_failure_and_the_next_one_comes()
    {
        await using var process = SupervisedProcess.Start(Program("sleep", "600"));
        Assert.Throws<ArgumentOutOfRangeException>("signal", () => process.TrySend((ShutdownSignal)9999));
        Assert.Throws<ArgumentOutOfRangeException>("signal", () => process.TrySendToGroup((ShutdownSignal)9999));
        var outcome = await process.StopAsync(StopPlan.Send(SIGBREAK, TimeSpan.FromMilliseconds(50)).ThenKill()).WaitAsync(SupervisionLimits.Test);
        Assert.Equal((StopResult.Killed, SendOutcome.NotDeliverable), (outcome.Result, Assert.Single(outcome.Failures).Outcome));
    }

    [Fact]
    public async Task Any_bytes_and_a_line_of_ten_megabytes_arrive()
    {
        await using var process = SupervisedProcess.Start(Python("import sys; o = sys.stdout.buffer; o.write(b'\\xff\\n' + b'x' * 10_000_000 + b'\\n' + b'end')"));
        var lines = await AllAsync(process);
        Assert.Equal([1, 10_000_000, 3], lines.Select(line => line.Bytes.Length));
        Assert.Equal(0xff, lines[0].Bytes.Span[0]);
        Assert.Equal([true, true, false], lines.Select(line => line.IsComplete));
    }

    [Fact]
    public async Task Node_writes_to_both_streams()
    {
        await using var process = SupervisedProcess.Start(Program("node", "-e", "console.log('out'); console.error('err')"));
        Assert.Equal([("err", true), ("out", false)], (await AllAsync(process)).Select(line => (line.Text, line.IsError)).Order());
    }

    [Fact]
    public async Task A_process_that_closes_its_output_lives_on()
    {
        await using var process = SupervisedProcess.Start(Python("import os, time\nprint('ready', flush=True)\nos.close(1)\nos.close(2)\ntime.sleep(1000)"));
        await using var lines = process.ReadLinesAsync().GetAsyncEnumerator();
        Assert.True(await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test));
        var more = lines.MoveNextAsync().AsTask();
        await Task.Delay(100);
        Assert.False(more.IsCompleted);
        Assert.Equal(SupervisedProcessState.Running, process.State);
        Assert.Equal(StopResult.Graceful, (await process.StopAsync().WaitAsync(SupervisionLimits.Test)).Result);
        Assert.False(await more.WaitAsync(SupervisionLimits.Test));
    }

    [Theory]
    [InlineData(LeftoverPolicy.Kill)]
    [InlineData(LeftoverPolicy.Keep)]
    public async Task A_grandchild_that_holds_the_pipe_does_not_hold_up_the_end(LeftoverPolicy leftovers)
    {
        // The grandchild has a session of its own, and would be missed by a kill of the group.
        var info = Python("import subprocess\np = subprocess.Popen(['sleep', '1000'], start_new_session=True)\nprint(p.pid, flush=True)");
        await using var process = SupervisedProcess.Start(info, new() { Leftovers = leftovers });
        var lines = await AllAsync(process);
        var grandchild = int.Parse(Assert.Single(lines).Text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True((await process.Completion.WaitAsync(SupervisionLimits.Test)).IsSuccess);
        Assert.Equal(leftovers == LeftoverPolicy.Keep, IsAlive(grandchild));
        await process.DisposeAsync().AsTask().WaitAsync(SupervisionLimits.Test);
        await SupervisionLimits.UntilAsync(() => !IsAlive(grandchild));
    }

    [Fact]
    public async Task What_is_written_to_standard_input_is_read()
    {
        var info = Program("cat");
        info.RedirectStandardInput = true;
        await using var process = SupervisedProcess.Start(info);
        await process.StandardInput.WriteAsync(Encoding.UTF8.GetBytes("one\ntwo\n"));
        await process.StandardInput.FlushAsync();
        await using (var lines = process.ReadLinesAsync().GetAsyncEnumerator())
        {
            Assert.True(await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test));
            Assert.Equal("one", lines.Current.Text);
        }

        process.StandardInput.Close();
        Assert.Equal("two", Assert.Single(await AllAsync(process)).Text);
        Assert.True((await process.Completion.WaitAsync(SupervisionLimits.Test)).IsSuccess);
    }

    [Fact]
    public async Task One_that_ignores_SIGTERM_is_killed_by_the_plan_and_a_second_stop_hurries()
    {
        await using var process = SupervisedProcess.Start(Program("bash", "-c", "trap '' TERM; echo ready; while :; do sleep 1000; done"));
        await ReadyAsync(process);
        var plan = StopPlan.Send(SIGTERM, TimeSpan.FromMinutes(10)).ThenKill();
        var first = process.StopAsync(plan);
        await Task.Delay(50);
        Assert.False(first.IsCompleted);
        var second = process.StopAsync(plan);
        var outcomes = await Task.WhenAll(first, second).WaitAsync(SupervisionLimits.Test);
        Assert.All(outcomes, outcome => Assert.Equal((StopResult.Killed, SIGKILL), (outcome.Result, outcome.ExitStatus!.Value.Signal)));
        Assert.Equal(SupervisedProcessState.Ended, process.State);
    }

    [Fact]
    public async Task Descendants_have_the_time_of_the_plan_though_their_parent_ends_at_once()
    {
        var file = Path.Combine(_folder, "done");
        var info = Program(
            "bash",
            "-c",
            $"python3 -c 'import signal, time, sys\ndef end(*a):\n    time.sleep(0.5); open(\"{file}\", \"w\").close(); sys.exit(0)\nsignal.signal(signal.SIGTERM, end)\nprint(\"ready\", flush=True)\ntime.sleep(1000)' & wait");
        await using var process = SupervisedProcess.Start(info);
        await ReadyAsync(process);
        var outcome = await process.StopAsync().WaitAsync(SupervisionLimits.Test);
        Assert.Equal((StopResult.Graceful, SIGTERM), (outcome.Result, outcome.ExitStatus!.Value.Signal));
        Assert.True(File.Exists(file), "The descendant was killed before it was done.");
    }

    [Fact]
    public async Task A_failing_program_is_started_again_until_it_succeeds()
    {
        var file = Path.Combine(_folder, "tries");
        var options = new SupervisedProcessOptions { Restart = RestartPolicy.OnFailure with { Backoff = TimeSpan.FromMilliseconds(10), MaxRestarts = 5 } };
        await using var process = SupervisedProcess.Start(Program("bash", "-c", $"echo try >> {file}; echo run $(wc -l < {file}); test $(wc -l < {file}) -ge 3"), options);
        var lines = await AllAsync(process);
        Assert.Equal(["run 1", "run 2", "run 3"], lines.Select(line => line.Text));
        Assert.Equal(3, lines.Select(line => line.ProcessId).Distinct().Count());
        Assert.True((await process.Completion.WaitAsync(SupervisionLimits.Test)).IsSuccess);
        Assert.Equal(2, process.Restarts);
    }

    [Fact]
    public async Task Two_hundred_megabytes_of_raw_output_arrive_byte_for_byte()
    {
        await using var process = SupervisedProcess.Start(Program("head", "-c", "200000000", "/dev/zero"));
        var buffer = new byte[1 << 16];
        var total = 0L;
        while (await process.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(SupervisionLimits.Test) is > 0 and var count)
        {
            Assert.False(buffer.AsSpan(0, count).ContainsAnyExcept((byte)0));
            total += count;
        }

        Assert.Equal(200_000_000, total);
        Assert.True((await process.Completion.WaitAsync(SupervisionLimits.Test)).IsSuccess);
    }

    [Fact]
    public async Task A_stop_lets_one_end_that_has_to_write_a_lot_first_and_that_nobody_reads()
    {
        var file = Path.Combine(_folder, "done");
        await using var process = SupervisedProcess.Start(Python(
            $"import signal, sys, time\ndef end(*a):\n    sys.stdout.write('x' * 8_000_000); sys.stdout.flush(); open('{file}', 'w').close(); sys.exit(0)\nsignal.signal(signal.SIGTERM, end)\nopen('{file}.ready', 'w').close()\ntime.sleep(1000)"));
        await SupervisionLimits.UntilAsync(() => File.Exists($"{file}.ready"));
        var outcome = await process.StopAsync(StopPlan.Send(SIGTERM, SupervisionLimits.Test).ThenKill()).WaitAsync(SupervisionLimits.Test);
        Assert.Equal((StopResult.Graceful, 0), (outcome.Result, outcome.ExitStatus!.Value.Code));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task A_process_that_is_blocked_in_a_write_that_nobody_reads_is_disposed_at_once()
    {
        var process = SupervisedProcess.Start(Program("cat", "/dev/zero"));
        var id = process.Id;
        await process.DisposeAsync().AsTask().WaitAsync(SupervisionLimits.Test);
        Assert.False(IsAlive(id));
    }

    [Fact]
    public async Task A_run_in_a_task_group_is_stopped_when_a_sibling_fails()
    {
        var ready = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var group = TaskGroup.RunAsync(g =>
        {
            g.Start("server", token => SupervisedProcess.RunAsync(
                Program("bash", "-c", "echo $$; exec sleep 1000"),
                line => ready.TrySetResult(int.Parse(line.Text, System.Globalization.CultureInfo.InvariantCulture)),
                cancellationToken: token));
            g.Start("sibling", async _ =>
            {
                await ready.Task;
                throw new FormatException("sibling");
            });
            return Task.CompletedTask;
        });
        var error = await Assert.ThrowsAsync<AggregateException>(() => group.WaitAsync(SupervisionLimits.Test));
        Assert.IsType<FormatException>(Assert.Single(error.InnerExceptions));
        Assert.False(IsAlive(await ready.Task));
    }

    [Fact]
    public void What_cannot_be_executed_says_why()
    {
        var script = Path.Combine(_folder, "script");
        File.WriteAllText(script, "echo no first line\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = Assert.Throws<ProcessStartException>(() => SupervisedProcess.Start(Program(script)));
        Assert.Equal(8, error.NativeErrorCode);
        Assert.Contains("#!", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_runs_leak_no_descriptor_and_no_process()
    {
        await RunAsync();
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 100; i++)
        {
            await RunAsync();
        }

        // Other tests run in this process too.
        await SupervisionLimits.UntilAsync(() => Directory.GetFiles("/proc/self/fd").Length <= before + 30);

        static async Task RunAsync()
        {
            var lines = 0;
            await SupervisedProcess.RunAsync(Program("echo", "x"), _ => lines++).WaitAsync(SupervisionLimits.Test);
            Assert.Equal(1, lines);
        }
    }

    private static ProcessStartInfo Program(string name, params string[] arguments) =>
        new(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

    private static ProcessStartInfo Python(string code) => Program("python3", "-c", code);

    private static async Task ReadyAsync(SupervisedProcess process)
    {
        using var limit = new CancellationTokenSource(SupervisionLimits.Test);
        await foreach (var line in process.ReadLinesAsync(limit.Token))
        {
            Assert.Equal("ready", line.Text);
            return;
        }

        Assert.Fail("It ended before it was ready.");
    }

    private static async Task<List<OutputLine>> AllAsync(SupervisedProcess process)
    {
        using var limit = new CancellationTokenSource(SupervisionLimits.Test);
        var all = new List<OutputLine>();
        await foreach (var line in process.ReadLinesAsync(limit.Token))
        {
            all.Add(line);
        }

        return all;
    }

    // A zombie whom nobody has reaped yet is dead.
    private static bool IsAlive(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
