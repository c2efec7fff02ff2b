using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Processes.Tests;

[Collection(nameof(ChildrenAlone))]
public sealed class LauncherTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_launcher_is_killed_nobody_survives(bool byKill)
    {
        using var launcher = Process.Start(Launcher.Command("hold", withKeeper: true))!;
        var ids = new List<int>();
        string? line;
        while ((line = await launcher.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Within()) != "ready")
        {
            Assert.True(int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id), line);
            ids.Add(id);
        }

        Assert.Equal(12, ids.Count);
        Assert.All(ids, id => Assert.True(Starts.IsAlive(id)));
        if (byKill)
        {
            launcher.Kill();
        }
        else
        {
            launcher.StandardInput.Close();
        }

        await launcher.WaitForExitAsync(TestContext.Current.CancellationToken).Within();
        await Starts.Until(() => !ids.Any(Starts.IsAlive), "all have ended");
        await Starts.Until(() => Starts.ControlGroupFolders(launcher.Id).Length == 0, "the control groups are gone");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_descriptor_left_all_are_still_seen_and_nobody_is_lost(bool withKeeper)
    {
        using var launcher = Process.Start(Launcher.Command("exhausted", withKeeper, Programs.Require("prlimit"), "--nofile=200:200"))!;
        var lines = (await launcher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within()).TrimEnd().Split('\n');
        Assert.Equal(["begun", "Found", "True", "not started", "exit code 7", "0"], lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_needs_no_thread_of_the_pool(bool withKeeper)
    {
        using var launcher = Process.Start(Launcher.Command("starved", withKeeper))!;
        Assert.Equal("Sent\nFalse\n", await launcher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stops_go_on_to_SIGKILL_without_a_thread_of_the_pool(bool withKeeper)
    {
        using var launcher = Process.Start(Launcher.Command("starved stops", withKeeper))!;
        Assert.Equal("Killed\nKilled\nEnded\nCanceled\nFalse\n", await launcher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_nohup_ignores_stays_ignored(bool withKeeper)
    {
        using var launcher = Process.Start(Launcher.Command("status", withKeeper, "/usr/bin/nohup"))!;
        var lines = (await launcher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within()).Split('\n');
        var ignored = Convert.ToUInt64(lines.Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16);
        Assert.Equal(1ul, ignored & ~(3ul << 31));
    }

    [Theory]
    [InlineData("reap", true)]
    [InlineData("reap", false)]
    [InlineData("reap later", true)]
    [InlineData("reap later", false)]
    [InlineData("reap", true, "/usr/bin/unshare", "-pf", "--mount-proc")]
    [InlineData("reap later", true, "/usr/bin/unshare", "-pf", "--mount-proc")]
    public async Task Orphans_are_reaped_and_nobody_elses_children(string mode, bool withKeeper, params string[] wrapper)
    {
        Assert.SkipWhen(wrapper.Length > 0 && Environment.UserName != "root", "this takes root");
        using var launcher = Process.Start(Launcher.Command(mode, withKeeper, wrapper))!;
        var text = await launcher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within();
        await launcher.WaitForExitAsync(TestContext.Current.CancellationToken).Within();
        Assert.Equal("True\nexit code 7\nexit code 8\n5\n\n", text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_child_in_the_foreground_has_the_terminal_and_gives_it_back(bool withKeeper)
    {
        // Types in a terminal that the launcher has been started in.
        const string Typist = """
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
            seen = b''
            def wait(text):
                global seen
                while text not in seen:
                    try: more = os.read(terminal, 4096)
                    except OSError: more = b''
                    if not more: break
                    seen += more
            wait(b'child')
            os.write(terminal, b'hello\n')
            wait(b'got hello')
            os.write(terminal, b'\x03')
            wait(b'nothing like this')
            os.waitpid(pid, 0)
            sys.stdout.buffer.write(seen)
            """;
        using var typist = Process.Start(Launcher.Command("foreground", withKeeper, "/usr/bin/env", "python3", "-c", Typist))!;
        var text = await typist.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within();
        await typist.WaitForExitAsync(TestContext.Current.CancellationToken).Within();
        Assert.Contains("got hello", text, StringComparison.Ordinal);
        Assert.Contains("SIGINT", text, StringComparison.Ordinal);
        Assert.Contains("terminal True", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "/usr/bin/unshare", "-pf", "--mount-proc")]
    [InlineData(false, "/usr/bin/unshare", "-pf", "--mount-proc")]
    [InlineData(true, "/usr/bin/setpriv", "--reuid", "65534", "--clear-groups")]
    [InlineData(false, "/usr/bin/setpriv", "--reuid", "65534", "--clear-groups")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tree_ends_wherever_the_launcher_runs(bool withKeeper, params string[] wrapper)
    {
        Assert.SkipWhen(wrapper.Length > 0 && Environment.UserName != "root", "this takes root");
        using var launcher = Process.Start(Launcher.Command("daemon", withKeeper, wrapper))!;
        var text = await launcher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within();
        await launcher.WaitForExitAsync(TestContext.Current.CancellationToken).Within();
        var lines = text.Split('\n');
        Assert.True(lines.Length == 7, text);
        Assert.Contains(withKeeper ? "Keeper" : "Group", lines[0], StringComparison.Ordinal);
        Assert.Equal("SIGKILL", lines[2]);
        Assert.Equal("True", lines[3]);
        Assert.Equal("", lines[5]);
        if (withKeeper)
        {
            // Without a keeper one that has made its own session is out of sight.
            Assert.Equal("True", lines[1]);
            Assert.Equal("False", lines[4]);
        }
    }
}
