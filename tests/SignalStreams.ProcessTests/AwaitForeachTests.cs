namespace SignalStreams.ProcessTests;

public sealed class AwaitForeachTests
{
    [Fact]
    public async Task Each_signal_arrives_and_leaving_the_loop_exits_with_zero()
    {
        string[] names = ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGINT", "SIGQUIT", "SIGALRM", "SIGWINCH", "SIGCHLD", "SIGCONT", "SIGTSTP", "SIGRTMIN+3", "SIGTERM"];
        using var child = await ChildProcess.StartReadyAsync("AwaitForeach", names);
        foreach (var name in names)
        {
            child.Send(ShutdownSignals.Parse(name));
            await child.ExpectNextAsync(name);
        }

        await child.AssertEndsAsync(0);
    }
}
