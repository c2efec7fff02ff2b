using System.Diagnostics;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class ProcessesSnippets : SnippetTests
{
    public ProcessesSnippets() => Assert.SkipWhen(OperatingSystem.IsWindows(), "These are about signals of Unix.");

    [Fact]
    public async Task Send()
    {
        using var process = await ShellChild.StartAsync("trap 'echo again' HUP");
        var processId = process.Id;

        #region Send
        ProcessSignal.Send(processId, SIGHUP);                      // throws a ProcessSignalException that says why not

        if (ProcessSignal.TrySend(processId, SIGHUP) == SendOutcome.Gone)
        {
            Console.WriteLine("there is nobody to reload");
        }
        #endregion
        Assert.Equal("again", await process.LineAsync());
        Assert.Empty(Console.Lines);
    }

    [Fact]
    public async Task Send_to_many()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has values.");
        await using var leader = SupervisedProcess.Start(new ProcessStartInfo("env", ["--default-signal", "sleep", "1000"]));
        await using var receiver = SupervisedProcess.Start(
            new ProcessStartInfo("sh", ["-c", "trap 'echo taken; exit' RTMIN+3; echo ready; while :; do sleep 0.1; done"]) { RedirectStandardOutput = true });
        var groupId = leader.Id;
        await using var lines = receiver.ReadLinesAsync(TestToken).GetAsyncEnumerator(TestToken);
        Assert.True(await lines.MoveNextAsync());
        var processId = receiver.Id;

        #region Send_to_many
        ProcessSignal.Send(ProcessTarget.Group(groupId), SIGINT);                               // as Ctrl-C does
        ProcessSignal.Send(processId, ShutdownSignals.Parse("RTMIN+3"), value: 42);             // SignalOrigin.Value of the receiver
        #endregion
        Assert.Equal(SIGINT, (await leader.Completion.WithLimit()).Signal);
        await receiver.Completion.WithLimit();
    }

    [Fact]
    public async Task Stop()
    {
        using var process = await ShellChild.StartAsync();
        var processId = process.Id;

        #region Stop
        var outcome = await GracefulStop.StopAsync(processId);      // SIGTERM, 4 s, SIGKILL
        Console.WriteLine(outcome);                                 // process 12 (server) ended 0.3 s after SIGTERM
        #endregion
        Assert.Equal(StopResult.Graceful, outcome.Result);
        Assert.StartsWith($"process {processId} (sh) ended ", Console.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan()
    {
        using var process = await ShellChild.StartAsync();
        var processId = process.Id;

        #region Plan
        var plan = StopPlan.Send(SIGINT, patience: TimeSpan.FromSeconds(15), repeatEvery: TimeSpan.FromSeconds(1))
            .Then(SIGTERM, patience: TimeSpan.FromSeconds(5))
            .ThenKill();

        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(processId), plan);
        #endregion
        Assert.Equal("SIGINT every 1 s, 15 s, SIGTERM, 5 s, SIGKILL", plan.ToString());
        Assert.Equal((StopResult.Graceful, SIGINT), (outcome.Result, outcome.LastSignal));
    }

    [Fact]
    public async Task Outcome()
    {
        using var process = await ShellChild.StartAsync();
        var processId = process.Id;
        void Report(string text) => Console.WriteLine(text);

        #region Outcome
        var outcome = await GracefulStop.StopAsync(processId, StopPlan.Gooey(SIGTERM));
        Report(outcome switch
        {
            { IsGone: false } => $"still there: {string.Join(", ", outcome.Remaining)}",
            { WasStopped: false } => "it had ended by itself",
            _ => $"stopped by {outcome.LastSignal} in {outcome.Elapsed.TotalSeconds:0.0} s",
        });
        #endregion
        Assert.StartsWith("stopped by SIGTERM in ", Console.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_call_escalates()
    {
        using var process = await ShellChild.StartAsync("trap '' INT");
        var processId = process.Id;

        #region Second_call_escalates
        var stop = GracefulStop.StopAsync(processId, StopPlan.Send(SIGINT, patience: TimeSpan.FromMinutes(1)).ThenKill());
        var hurried = GracefulStop.StopAsync(processId);        // somebody presses the button again: SIGKILL, now

        Console.WriteLine((await stop).Result);                 // Killed
        Console.WriteLine((await hurried).Result);              // Killed: both have the same outcome
        #endregion
        Assert.Equal(["Killed", "Killed"], Console.Lines);
    }

    [Fact]
    public async Task Progress()
    {
        using var process = await ShellChild.StartAsync("trap '' TERM");
        var processId = process.Id;

        #region Progress
        var progress = new Progress<StopStep>(step =>
            Console.WriteLine($"{step.Step.Signal}: {step.Remaining.Count} to go"));
        var outcome = await GracefulStop.StopAsync(processId, StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(1)).ThenKill(), progress);
        #endregion
        Assert.Equal(StopResult.Killed, outcome.Result);
        await Console.LineAsync(TestToken);
        await Console.LineAsync(TestToken);
        Assert.Equal(["SIGKILL: 1 to go", "SIGTERM: 1 to go"], Console.Lines.Order());
    }

    [Fact]
    public async Task Safe_kill()
    {
        using var process = await ShellChild.StartAsync("trap '' TERM");
        var processId = process.Id;

        #region Safe_kill
        var outcome = await SafeKill.KillAsync(processId, timeout: TimeSpan.FromSeconds(1));
        #endregion
        Assert.Equal(StopResult.Killed, outcome.Result);
    }

    [Fact]
    public async Task Supervise()
    {
        #region Supervise
        var start = new ProcessStartInfo("sh", ["-c", "echo one; echo two >&2; exit 3"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        await using var child = SupervisedProcess.Start(start);
        await foreach (var line in child.ReadLinesAsync())
        {
            Console.WriteLine($"[{child.Name}] {line}");
        }

        Console.WriteLine(await child.Completion);          // exit code 3
        #endregion
        Assert.Equal(["[sh] one", "[sh] two"], Console.Lines[..2].Order());
        Assert.Equal("exit code 3", Console.Lines[2]);
    }

    [Fact]
    public async Task Run_in_a_group()
    {
        using var test = TestSignals.Install();
        var running = RunAsync();
        await test.WaitForListenerAsync(SIGTERM, cancellationToken: TestToken);
        await Console.LineAsync(TestToken);
        await Console.LineAsync(TestToken);
        test.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(["poller is running", "server is running"], Console.Lines.Order());

        async Task RunAsync()
        {
            var server = Sleeper("server");
            var poller = Sleeper("poller");

            #region Run_in_a_group
            await TaskGroup.RunAsync(async group =>
            {
                group.CancelOn(SIGINT, SIGTERM);
                var options = new SupervisedProcessOptions { ThrowOnFailure = true };
                group.Start("server", token => SupervisedProcess.RunAsync(server, line => Console.WriteLine(line), options, token));
                group.Start("poller", token => SupervisedProcess.RunAsync(poller, line => Console.WriteLine(line), options, token));
            });
            #endregion
        }

        static ProcessStartInfo Sleeper(string name) =>
            new("sh", ["-c", $"echo {name} is running; exec sleep 1000"]) { RedirectStandardOutput = true };
    }

    [Fact]
    public async Task Two_tokens()
    {
        using var stopping = new CancellationTokenSource();
        using var hurry = new CancellationTokenSource();
        var start = new ProcessStartInfo("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]) { RedirectStandardOutput = true };
        var run = RunAsync(line => stopping.CancelAsync());
        await Patience.UntilAsync(() => stopping.IsCancellationRequested, "the child");
        await hurry.CancelAsync();
        await run.WithLimit();
        Assert.Equal(["the server is gone: True"], Console.Lines);

        async Task RunAsync(Action<OutputLine> onLine)
        {
            var options = new SupervisedProcessOptions { StopPlan = StopPlan.Send(SIGTERM, TimeSpan.FromMinutes(1)).ThenKill() };

            #region Two_tokens
            try
            {
                await SupervisedProcess.RunAsync(start, onLine, options, cancellationToken: stopping.Token, forcefulToken: hurry.Token);
            }
            catch (OperationCanceledException e)
            {
                Console.WriteLine($"the server is gone: {e.CancellationToken == stopping.Token}");
            }
            #endregion
        }
    }

    [Fact]
    public async Task Restart()
    {
        var worker = new ProcessStartInfo("sh", ["-c", "exit 3"]);
        using var once = new CancellationTokenSource();

        #region Restart
        var options = new SupervisedProcessOptions
        {
            Restart = RestartPolicy.OnFailure with { Backoff = TimeSpan.FromMilliseconds(100), MaxRestarts = 5 },
        };
        await using var child = SupervisedProcess.Start(worker, options);
        await foreach (var change in child.ReadEventsAsync())
        {
            Console.WriteLine(change.RestartIn is { } pause ? $"{change.ExitStatus}; again in {pause.TotalSeconds:0.0} s" : change.State);
        }
        #endregion
        Assert.Equal(12, Console.Lines.Length);
        Assert.Equal("exit code 3; again in 0.1 s", Console.Lines[1]);
        Assert.Equal(5, child.Restarts);
        Assert.Equal("Ended", Console.Lines[^1]);
    }

    [Fact]
    public async Task Bytes()
    {
        #region Bytes
        var start = new ProcessStartInfo("gzip", ["-c"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        await using var gzip = SupervisedProcess.Start(start);
        using var packed = new MemoryStream();
        var reading = gzip.StandardOutput.CopyToAsync(packed);

        await gzip.StandardInput.WriteAsync("hello"u8.ToArray());
        gzip.StandardInput.Close();
        await reading;
        #endregion
        Assert.True((await gzip.Completion.WithLimit()).IsSuccess);
        Assert.Equal([0x1F, 0x8B], packed.ToArray()[..2]);
    }

    [Fact]
    public async Task Sign_of_life()
    {
        await using var server = SupervisedProcess.Start(new ProcessStartInfo("sh", ["-c", "echo hello; echo listening on 80; echo served"]) { RedirectStandardOutput = true });
        var token = TestToken;

        #region Sign_of_life
        await foreach (var line in server.ReadLinesAsync(token))
        {
            if (line.Text.StartsWith("listening"))
            {
                break;
            }
        }
        #endregion
        Assert.Equal(["served"], await server.ReadLinesAsync(token).Select(line => line.Text).ToArrayAsync(token));
    }

    [Fact]
    public async Task Containment()
    {
        await using var child = SupervisedProcess.Start(new ProcessStartInfo("sleep", ["1000"]));

        #region Containment
        Console.WriteLine(child.Containment);       // Group, Keeper, ControlGroup
        #endregion
        Assert.StartsWith("Group", Console.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_errors()
    {
        #region Start_errors
        try
        {
            await SupervisedProcess.RunAsync(new ProcessStartInfo("sever", ["--port", "8080"]));
        }
        catch (ProcessStartException e)
        {
            Console.WriteLine(e.Message);       // Cannot start 'sever': no program of this name is in the PATH that the child gets (...). ...
        }
        #endregion
        Assert.StartsWith("Cannot start 'sever': no program of this name is in the PATH that the child gets (", Console.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_status()
    {
        #region Exit_status
        var status = await SupervisedProcess.RunAsync(new ProcessStartInfo("sh", ["-c", "kill -9 $$"]));
        Console.WriteLine(status);                  // SIGKILL
        Console.WriteLine(status.Code is null);     // True: it did not return a code
        Console.WriteLine(status.ShellCode);        // 137
        #endregion
        Assert.Equal(["SIGKILL", "True", "137"], Console.Lines);
    }
}
