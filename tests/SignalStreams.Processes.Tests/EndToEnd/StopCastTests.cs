using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

/// <summary>Each program of the field, stopped in each way that there is.</summary>
[Collection(nameof(ChildrenAlone))]
public sealed class StopCastTests
{
    private static readonly StopPlan Patient = StopPlan.Send(SIGTERM, TestChild.Limit).ThenKill(TestChild.Limit);
    private static readonly StopPlan Brief = StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(100)).ThenKill(TestChild.Limit);

    private static readonly StopPlan Debugger = StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(100)).ThenKill(TimeSpan.FromMilliseconds(500));

    public static TheoryData<string, bool> Foreign => [.. Cast.All.SelectMany(one => new TheoryDataRow<string, bool>[] { (one.Name, true), (one.Name, false) })];

    /// <summary>How a child is kept: with a control group, without one, and without a keeper.</summary>
    public static TheoryData<string, string> Supervised => [.. Cast.All.SelectMany(one => new TheoryDataRow<string, string>[] { (one.Name, "control group"), (one.Name, "keeper"), (one.Name, "group") })];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task GracefulStop_ends_a_foreign(string name, bool isTree)
    {
        var (_, result, status) = Cast.All.Single(one => one.Name == name);
        using var bystanders = new Bystanders();
        bystanders.Add();
        using var child = await TestChild.StartReadyAsync(Cast.CommandOf(name));
        using var tracer = await Tracer.CompleteAsync(name, child.Id);

        // In the middle of its exec(3) the environment of a process cannot be read, and so not whose it is; its parent may be told of the exec before.
        await Until.TrueAsync(() => name != Cast.HeldPipe || child.Family().Count == 2, "the grandchild should have been started");
        bystanders.Add();
        var target = isTree ? ProcessTarget.Tree(child.Process) : ProcessTarget.Process(child.Process);
        var outcome = await GracefulStop.StopAsync(target, result == StopResult.Killed ? Brief : Patient, cancellationToken: TestContext.Current.CancellationToken)
            .WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);

        Assert.True(result == outcome.Result, outcome.ToString());
        Assert.Contains(ProcessList.StateOf(child.Id), (char?[])[null, 'Z', 'X']);
        if (outcome.ExitStatus is { } told)
        {
            Assert.Equal(status, told);
        }

        // A process stopped alone leaves its children alone; and a foreign one that has forked twice before anybody looked is nobody's descendant: so say the docs of ProcessTarget.Tree.
        Assert.Equal(name switch { Cast.ForksTwice => 1, Cast.HeldPipe when !isTree => 1, _ => 0 }, child.Family().Count);
        bystanders.AssertUnharmed();
    }

    [Theory]
    [MemberData(nameof(Supervised))]
    public async Task SupervisedProcess_ends(string name, string kept)
    {
        var (_, result, status) = Cast.All.Single(one => one.Name == name);
        using var bystanders = new Bystanders();
        using var family = new Family();
        bystanders.Add();
        await using var process = Start(Cast.CommandOf(name), kept, family);
        await ReadyAsync(process);
        using var tracer = await Tracer.CompleteAsync(name, process.Id);
        bystanders.Add();
        var outcome = await process.StopAsync(name == Cast.Debugged ? Debugger : result == StopResult.Killed ? Brief : Patient).WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);

        Assert.True(result == outcome.Result, outcome.ToString());
        if (name == Cast.Debugged)
        {
            // It is a zombie until the debugger, to whom the kernel tells the end first (ptrace(2)), has taken note of it: only then the status is known.
            Assert.Null(outcome.ExitStatus);
            _ = LibC.Kill(tracer!.Id, SIGKILL.GetNumber());
        }
        else
        {
            Assert.Equal(status, outcome.ExitStatus);
        }

        Assert.Equal(status, await process.Completion.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken));
        Assert.Equal(SupervisedProcessState.Ended, process.State);
        await process.DisposeAsync().AsTask().WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);

        // The docs of ProcessContainment.Group say who escapes without a keeper: one with a session of its own.
        if (kept != "group" || name is not (Cast.ForksTwice or Cast.HeldPipe))
        {
            family.AssertGone();
        }

        bystanders.AssertUnharmed();
    }

    internal static SupervisedProcess Start(string[] command, string kept, Family family)
    {
        Starts.UseKeeper(kept != "group");
        ControlGroups.IsForbidden = kept != "control group";
        try
        {
            var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
            family.Mark(info.Environment);
            var process = SupervisedProcess.Start(info);
            Assert.Equal(kept != "group", process.Containment.HasFlag(ProcessContainment.Keeper));
            Assert.Equal(kept == "control group" && ControlGroups.Writable is not null, process.Containment.HasFlag(ProcessContainment.ControlGroup));
            return process;
        }
        finally
        {
            ControlGroups.IsForbidden = false;
            Starts.UseKeeper(true);
        }
    }

    internal static async Task ReadyAsync(SupervisedProcess process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TestChild.Limit);
        await foreach (var line in process.ReadLinesAsync(limit.Token))
        {
            Assert.Equal("ready", line.Text);
            return;
        }

        Assert.Fail("It ended before it was ready.");
    }
}
