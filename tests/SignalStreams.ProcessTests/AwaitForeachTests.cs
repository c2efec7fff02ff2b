namespace SignalStreams.ProcessTests;

public sealed class AwaitForeachTests
{
    public static TheoryData<string> Deadly { get; } = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1"];

    [Fact]
    public async Task Each_signal_arrives_and_leaving_the_loop_exits_with_zero()
    {
        string[] names = ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGINT", "SIGQUIT", "SIGALRM", "SIGWINCH", "SIGCHLD", "SIGCONT", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGRTMIN+3", "SIGRTMIN+30", "SIGTERM"];
        using var child = await ChildProcess.StartReadyAsync("AwaitForeach", names);
        foreach (var name in names)
        {
            child.Send(ShutdownSignals.Parse(name));
            await child.ExpectNextAsync(name);
        }

        await child.AssertEndsAsync(0);
    }

    [Theory]
    [MemberData(nameof(Deadly))]
    public async Task Before_a_receiver_opens_the_signal_ends_the_process(string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync("attempts 0");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Theory]
    [MemberData(nameof(Deadly))]
    public async Task After_the_last_receiver_has_closed_the_signal_ends_the_process(string name)
    {
        using var child = await RemoteChild.StartAsync();
        await child.DoAsync($"read a {name}", $"read b {name}");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAllAsync($"a {name}", $"b {name}");
        await child.DoAsync("off a");
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"b {name}");
        await child.DoAsync("off b");
        child.Send(ShutdownSignals.Parse(name));
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Fact]
    public async Task Signal_arrives_again_after_closing_and_opening_anew()
    {
        using var child = await RemoteChild.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await child.DoAsync("read a SIGTERM");
            child.Send(SIGTERM);
            await child.ExpectAsync("a SIGTERM");
            await child.DoAsync("off a");
        }

        await child.EndAsync();
    }
}
