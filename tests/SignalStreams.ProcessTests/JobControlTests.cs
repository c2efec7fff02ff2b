namespace SignalStreams.ProcessTests;

/// <summary>The program as a job of a shell, which stops and continues it, in a real terminal: three times.</summary>
public sealed class JobControlTests
{
    private const string CtrlZ = "\u001a";

    [Fact]
    public async Task Program_that_Ctrl_Z_has_stopped_goes_on_listening_when_it_is_continued()
    {
        using var child = await StartAsync("-echo", "Remote");
        var program = ChildProcess.ChildrenOf(child.Id).Single();
        await child.DoAsync("read r SIGCONT SIGTERM");
        for (var i = 0; i < 3; i++)
        {
            child.Type(CtrlZ);
            await child.ExpectAsync("stopped");
            await child.ExpectAsync("r SIGCONT");
            child.SendTo(program, SIGTERM);
            await child.ExpectAsync("r SIGTERM");
        }

        await child.EndAsync();
    }

    [Fact]
    public async Task Ctrl_Z_stops_the_program_only_before_and_after_we_listen_to_it()
    {
        using var child = await StartAsync("-echo", "Remote");
        var program = ChildProcess.ChildrenOf(child.Id).Single();
        child.Type(CtrlZ);
        await child.ExpectAsync("stopped");
        await child.DoAsync("read r SIGTSTP SIGCONT SIGTERM");
        child.Type(CtrlZ);
        await child.ExpectNextAsync("r SIGTSTP");

        // What the signal would have done, had nobody listened.
        child.SendTo(program, SIGSTOP);
        await child.ExpectAsync("stopped");
        await child.ExpectAsync("r SIGCONT");
        child.Type(CtrlZ);
        await child.ExpectNextAsync("r SIGTSTP");
        child.SendTo(program, SIGTERM);
        await child.ExpectNextAsync("r SIGTERM");
        await child.DoAsync("off r");
        child.Type(CtrlZ);
        await child.ExpectAsync("stopped");
        await child.AssertLivesAsync();
    }

    [Fact]
    public async Task Program_that_reads_keys_has_its_terminal_back_when_it_is_continued()
    {
        using var child = await StartAsync("echo", "ReadKey", "listen");
        var program = ChildProcess.ChildrenOf(child.Id).Single();
        foreach (var key in "abc")
        {
            // The shell has turned the echo on meanwhile; the runtime turns it off when it hears of SIGCONT.
            await child.UntilAsync(() => !child.TerminalEchoes, "turn the echo of its terminal off");
            child.Type($"{key}");
            await child.ExpectAsync($"key {key}");
            child.Type(CtrlZ);
            await child.ExpectAsync("stopped");
            await child.ExpectAsync("SIGCONT");
            child.SendTo(program, SIGTERM);
            await child.ExpectAsync("SIGTERM");
        }
    }

    /// <param name="echo">How the shell sets its terminal, at the beginning and after every stop.</param>
    /// <param name="scenario">The scenario and its arguments.</param>
    private static Task<ChildProcess> StartAsync(string echo, params string[] scenario)
    {
        // Not in a loop: bash leaves one when a job in it stops.
        var stop = $"stty {echo}; echo stopped; fg";
        var shell = $"set -m; stty {echo}; \"$0\" \"$@\"; {stop}; {stop}; {stop}";
        return ChildProcess.StartReadyAsync(ChildStart.Scenario(scenario[0], scenario[1..]) with { Input = ChildInput.Terminal, Prefix = ["bash", "-c", shell] });
    }
}
