using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Processes.Tests;

/// <summary>Control groups of launchers that are gone.</summary>
[Collection(nameof(ChildrenAlone))]
public sealed class LeftControlGroupTests
{
    [Fact]
    public async Task An_empty_group_is_removed_if_its_owner_is_gone_and_only_then()
    {
        Assert.SkipWhen(ControlGroups.Writable is null, "no control group can be made here, and so none can be left");
        var folder = ControlGroups.Writable!;
        using var owner = Process.Start("true");
        owner.WaitForExit(Starts.Limit);
        var left = Directory.CreateDirectory(Path.Combine(folder, ControlGroups.NameOf(owner.Id, "1"))).FullName;
        var below = Directory.CreateDirectory(Path.Combine(left, "below")).FullName;
        var anothers = Directory.CreateDirectory(Path.Combine(folder, ControlGroups.NameOf(owner.Id, "2") + "1")).FullName;
        var ours = Directory.CreateDirectory(Path.Combine(folder, ControlGroups.NameOf(Environment.ProcessId, "left"))).FullName;
        var used = Directory.CreateDirectory(Path.Combine(folder, ControlGroups.NameOf(owner.Id, "3"))).FullName;
        using var member = TestChild.StartInOurGroup("sleep", "1000");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(used, "cgroup.procs"), member.Id.ToString(CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
            ControlGroups.RemoveLeft(folder);
            Assert.False(Directory.Exists(below));
            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(anothers));
            Assert.True(Directory.Exists(ours));
            Assert.True(Directory.Exists(used));
        }
        finally
        {
            _ = LibC.Kill(member.Id, SIGKILL.GetNumber());
            foreach (var path in (string[])[below, left, anothers, ours, used])
            {
                await Starts.Until(() => ChildCalls.RemoveFolder(path) == 0 || !Directory.Exists(path), $"{path} is removed");
            }
        }
    }

    [Fact]
    public void The_name_of_a_group_tells_of_the_namespace()
    {
        Assert.Equal($"signalstreams-12-3-{new FileInfo("/proc/self/ns/pid").LinkTarget!["pid:[".Length..^1]}", ControlGroups.NameOf(12, "3"));
    }
}
