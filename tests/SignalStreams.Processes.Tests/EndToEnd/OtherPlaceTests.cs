using System.Globalization;

namespace SignalStreams.Processes.Tests;

/// <summary>Another user, a folder that is gone, ids that are given out again.</summary>
[Collection(nameof(ChildrenAlone))]
public sealed class OtherPlaceTests
{
    private static readonly string[] Nobody = ["setpriv", "--reuid=65534", "--clear-groups"];

    [Fact]
    public async Task Another_users_process_group_and_tree_are_not_permitted_and_the_stop_ends_at_once()
    {
        using var bystanders = new Bystanders();
        bystanders.Add();
        using var child = await TestChild.SleepAsync();
        var lines = await Probe.RunAsync($"stop {child.Id}", Nobody);
        Assert.Equal([.. Enumerable.Repeat("NotPermitted", 3), .. Enumerable.Repeat("StillAlive 1 NotPermitted True", 3)], lines);
        Assert.False(child.Process.HasExited);
        bystanders.AssertUnharmed();
    }

    [Fact]
    public async Task Of_a_tree_of_two_users_the_own_processes_are_stopped_and_the_others_named()
    {
        Assert.SkipUnless(Environment.UserName == "root", "this takes root");
        using var child = await TestChild.PythonAsync("import os,time\nif os.fork() == 0:\n os.setuid(65534)\n print('ready',flush=True)\n time.sleep(1000)\nos.wait()\ntime.sleep(1000)");
        var lines = await Probe.RunAsync($"stop-tree {child.Id}", Nobody);
        Assert.Equal([string.Create(CultureInfo.InvariantCulture, $"StillAlive NotPermitted {child.Id}")], lines);
        Assert.Equal([child.Id], child.Family());
    }

    [Fact]
    public async Task In_a_folder_that_is_gone_a_start_works_or_says_what_is_missing()
    {
        var lines = await Probe.RunAsync("folder");
        Assert.Equal("exit code 0", lines[0]);
        Assert.StartsWith("Cannot start './true': the current folder", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Cannot start 'true': the current folder", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("Cannot start 'true': its working folder 'FOLDER'", lines[3], StringComparison.Ordinal);
        Assert.Equal(["exit code 0", "0"], lines[4..]);
    }

    [Theory]
    [InlineData("descriptors")]
    [InlineData("start times")]
    public async Task A_target_never_means_the_process_that_has_its_id_afterwards(string by) =>
        Assert.Equal(
            ["True", "True True", "Process: Gone AlreadyGone", "Group: Gone AlreadyGone", "Tree: Gone AlreadyGone", "held: AlreadyGone", "True"],
            await InSmallNamespaceAsync($"reuse {by}"));

    [Fact]
    public async Task What_a_supervised_process_is_told_never_reaches_the_process_that_has_its_id_afterwards() =>
        Assert.Equal(["True True", "Gone", "Gone", "AlreadyGone", "True"], await InSmallNamespaceAsync("reuse-supervised"));

    // A pid namespace with a hundred ids to give out again and again, where the kernel has such a limit for each namespace (6.14).
    private static async Task<string[]> InSmallNamespaceAsync(string mode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(6, 14), "Before Linux 6.14 pid_max is one for the whole system.");
        return await Probe.RunAsync(mode, "unshare", "-pf", "--mount-proc", "sh", "-c", "echo 400 > /proc/sys/kernel/pid_max && exec \"$0\"");
    }
}
