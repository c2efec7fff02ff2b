namespace SignalStreams.Processes.Tests.Windows;

public sealed class WindowsTreeTests
{
    private readonly FakeWindows _windows = new();

    public WindowsTreeTests() => _windows.Add(100, FakeWindows.Us, 20);

    [Fact]
    public void Descendants_come_first_and_strangers_not_at_all()
    {
        _windows.Add(99, 98, 24);
        _windows.Add(98, 100, 22);
        _windows.Add(97, 100, 23);
        _windows.Add(200, FakeWindows.Us, 24);
        Assert.Equal([99, 97, 98, 100], Grown());
    }

    [Fact]
    public void A_process_older_than_its_parent_is_the_child_of_an_earlier_one_with_that_id()
    {
        _windows.Add(101, 100, 19);
        _windows.Add(102, 101, 30);
        Assert.Equal([100], Grown());
    }

    [Fact]
    public void The_host_of_a_console_is_the_systems_and_no_descendant()
    {
        _windows.Add(101, 100, 21, "conhost.exe");
        Assert.Equal([100], Grown());
        Assert.Equal(0, _windows.OpenHandles);
    }

    [Fact]
    public void An_id_that_went_over_to_a_stranger_after_the_snapshot_is_dropped()
    {
        _windows.Add(101, 100, 21);
        _windows.BeforeSnapshot = number =>
        {
            if (number == 1)
            {
                _windows.Add(101, FakeWindows.Us, 40);
            }
        };
        Assert.Equal([100], Grown());
    }

    [Fact]
    public void Children_of_one_who_ended_since_the_last_look_are_found()
    {
        var middle = _windows.Add(101, 100, 21);
        using var tree = Tree();
        tree.Grow();
        _windows.Add(102, 101, 22);
        middle.End(0);
        tree.Grow();
        Assert.Equal([102, 100], tree.Alive().Select(identity => identity.Id));
    }

    [Fact]
    public void A_circle_of_ids_ends()
    {
        _windows.Add(FakeWindows.Us, 101, 10);
        _windows.Add(101, 100, 21);
        _windows.Add(100, 101, 20);
        Assert.Equal([101, 100], Grown().Order().Reverse());
    }

    [Fact]
    public void A_tree_that_grows_at_each_snapshot_does_not_hold_a_look_for_ever()
    {
        var next = 1000;
        _windows.BeforeSnapshot = _ => _windows.Add(next, next++ == 1000 ? 100 : next - 2, 30 + next);
        Assert.NotEmpty(Grown());
        Assert.InRange(_windows.Snapshots, 2, 64);
    }

    [Fact]
    public void Handles_are_given_back()
    {
        _windows.Add(101, 100, 21);
        _windows.Add(102, 100, 19);
        Grown();
        Assert.Equal(0, _windows.OpenHandles);
    }

    private List<int> Grown()
    {
        using var tree = Tree();
        tree.Grow();
        return [.. tree.Alive().Select(identity => identity.Id)];
    }

    private WindowsTree Tree()
    {
        var tree = new WindowsTree(_windows);
        Assert.Equal(0, _windows.Open(100, out var root));
        tree.Add(root!, parentId: 0);
        return tree;
    }
}
