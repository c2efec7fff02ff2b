using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

/// <summary>The descendants of a keeper by the kernel's lists of children, against the whole table.</summary>
[Collection(nameof(ChildrenAlone))]
public sealed class ChildListsTests
{
    // A child of another thread, an orphan in a session of its own with a child, and more children than one reading of a list gives.
    private const string Tree = """
        import os, subprocess, threading, time
        done = threading.Event()
        def other():
            subprocess.Popen(['sleep', '1000'])
            done.set()
            time.sleep(1000)
        threading.Thread(target=other, daemon=True).start()
        done.wait()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.fork()
                time.sleep(1000)
            os._exit(0)
        os.wait()
        for i in range(300):
            if os.fork() == 0:
                time.sleep(1000)
        print('ready', flush=True)
        time.sleep(1000)
        """;

    [Fact]
    public async Task A_tree_is_found_as_in_the_table_of_all_and_children_come_before_their_parents()
    {
        await using var child = Starts.StartKept(Starts.Of(Programs.Require("python3"), "-c", Tree), withControlGroup: false);
        Assert.Equal("ready", await Starts.LineOf(child));

        // The program, the thread's child, the orphan, his child, and the others.
        List<UnixProcess> found = [];
        await Starts.Until(() => (found = ChildLists.TryFindDescendants(child.Keeper)!).Count == 304, "all have been started");
        Assert.Equal(ChildTable.Descendants(ChildTable.TryReadAll()!, child.Keeper).Select(process => process.Identity).ToHashSet(), found.Select(process => process.Identity).ToHashSet());
        Assert.All(found, process => Assert.DoesNotContain(process.Parent, found.TakeWhile(earlier => earlier.Id != process.Id).Select(earlier => earlier.Id)));
        Assert.Equal(child.Identity, found.Single(process => process.Parent == child.Keeper && process.Session == child.Identity.Id).Identity);

        child.KillAll();
        await Starts.GoneOf(child);
        Assert.Empty(child.Look());
    }

    [Fact]
    public async Task Without_the_lists_the_same_are_found()
    {
        await using var child = Starts.StartKept(Starts.Of("/bin/sh", "-c", "sleep 1000 & echo ready; wait"), withControlGroup: false);
        Assert.Equal("ready", await Starts.LineOf(child));
        var found = child.Look();
        Assert.Equal(2, found.Count);
        ChildLists.IsForbidden = true;
        try
        {
            Assert.Equal(found.Select(process => process.Identity), child.Look().Select(process => process.Identity));
        }
        finally
        {
            ChildLists.IsForbidden = false;
        }
    }

    [Fact]
    public void Nobody_descends_from_who_has_gone()
    {
        using var process = Process.Start("true");
        process.WaitForExit(Starts.Limit);
        Assert.Equal([], ChildLists.TryFindDescendants(process.Id)!);
    }
}
