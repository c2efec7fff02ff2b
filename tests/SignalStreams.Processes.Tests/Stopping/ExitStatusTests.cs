using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

/// <summary>The exit status of a process that has been given as an object of the runtime.</summary>
public sealed class ExitStatusTests
{
    private const string Parent = """
        import os, time
        child = os.fork()
        if child == 0:
            time.sleep(1000)
        print('child', child, flush=True)
        time.sleep(1000)
        """;

    [Fact]
    public async Task One_that_nobody_reaps_is_waited_for_without_a_thread_and_not_for_ever()
    {
        using var parent = TestChild.Start(Programs.Require("python3"), "-c", Parent);
        using var child = Process.GetProcessById(await parent.ExpectNumberAsync("child "));
        using var scope = new UnixProcessPlatform().Open(ProcessTarget.Process(child));
        Assert.Single(scope.Look());
        ProcessSignal.Send(child.Id, SIGKILL);
        await Until.TrueAsync(() => ProcessList.StateOf(child.Id) == 'Z', "the child should end");
        Assert.Empty(scope.Look());

        var wait = scope.WaitForExitStatusAsync();
        Assert.False(wait.IsCompleted);
        await wait.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
        Assert.Null(scope.ExitStatus);
    }

    [Fact]
    public async Task A_child_of_ours_is_waited_for_until_the_runtime_has_reaped_it()
    {
        using var child = await TestChild.BashAsync("trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done");
        using var scope = new UnixProcessPlatform().Open(ProcessTarget.Process(child.Process));
        Assert.Single(scope.Look());
        ProcessSignal.Send(child.Id, SIGTERM);
        await scope.Gone.WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
        await scope.WaitForExitStatusAsync().WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(ProcessExitStatus.FromCode(3), scope.ExitStatus);
    }
}
