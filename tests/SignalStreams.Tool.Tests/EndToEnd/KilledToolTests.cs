namespace SignalStreams.Tool.Tests;

/// <summary>The supervising command is killed, and nobody survives it.</summary>
public sealed class KilledToolTests : IDisposable
{
    // Deaf to all that can be ignored; forks twice, with a session of its own, and its parent in between has ended. Its output is closed: nobody learns of it that way.
    private const string Script = """
        trap '' HUP INT TERM QUIT
        python3 -c 'import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                open("daemon.part", "w").write("%d\n" % os.getpid()); os.rename("daemon.part", "daemon")
                for fd in 0, 1, 2: os.close(fd)
                time.sleep(1000)
            os._exit(0)
        os.wait()'
        sleep 1000 & echo $! > beside
        echo $$ > child; exec sleep 1000
        """;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_killed_by_SIGKILL_leaves_nobody(bool restarts)
    {
        string[] options = restarts ? ["--restart", "always"] : [];
        using var tool = ToolTests.Tool.Start(["run", .. options, "-C", _folder.Path, "--", "sh", "-c", Script]);
        await DiesWithAllAsync(tool);
    }

    [Fact]
    public async Task Launch_killed_by_SIGKILL_leaves_nobody()
    {
        _folder.Write("script", Script);
        var file = _folder.Write("launch.yaml", $"tasks:\n  - {{name: a, program: sh, args: [script], cwd: {_folder.Path}, restart: true, restart-backoff: 0}}\n");
        using var tool = ToolTests.Tool.Start("launch", file, "--no-logs");
        await DiesWithAllAsync(tool);
    }

    private async Task DiesWithAllAsync(ChildProcess tool)
    {
        int[] all = [await _folder.NumberAsync("daemon"), await _folder.NumberAsync("beside"), await _folder.NumberAsync("child")];
        Assert.All(all, process => Assert.True(Folder.IsAlive(process)));
        tool.Send(SIGKILL);
        await Folder.GoneAsync(all);
        await tool.AssertEndsAsync(SIGKILL);
    }
}
