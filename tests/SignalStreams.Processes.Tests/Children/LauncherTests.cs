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
    public async Task What_nohup_ignores_stays_ignored(bool withKeeper)
    {
        using var launcher = Process.Start(Launcher.Command("status", withKeeper, "/usr/bin/nohup"))!;
        var lines = (await launcher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Within()).Split('\n');
        var ignored = Convert.ToUInt64(lines.Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16);
        Assert.Equal(1ul, ignored & ~(3ul << 31));
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
