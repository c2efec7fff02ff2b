namespace SignalStreams.Processes.Tests.Windows;

public sealed class WindowsStopScopeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FakeWindows _windows = new();
    private readonly FakeProcess _root;

    public WindowsStopScopeTests() => _root = _windows.Add(100, FakeWindows.Us, 20);

    [Fact]
    public async Task A_tree_is_gone_with_its_last_descendant_however_late_that_was_born()
    {
        var child = _windows.Add(101, 100, 21);
        using var scope = Tree();
        Assert.Equal([101, 100], scope.Look().Select(identity => identity.Id));
        var gone = scope.Gone;
        _root.End(0);
        var grandchild = _windows.Add(102, 101, 22);
        child.End(0);
        Assert.Equal([102], scope.Look().Select(identity => identity.Id));
        Assert.False(gone.IsCompleted);
        grandchild.End(0);
        await gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, scope.ExitStatus?.Code);
    }

    [Fact]
    public void A_tree_is_killed_until_a_look_finds_nobody_new()
    {
        var last = 100;
        _windows.BeforeSnapshot = number =>
        {
            if (last < 130)
            {
                // A parent that is still alive at the snapshot has had a child meanwhile.
                _windows.Add(last + 1, last, 1000 + last);
                last++;
            }
        };
        using var scope = Tree();
        Assert.True(scope.TryKillAll());
        Assert.Equal(130, last);
        Assert.Empty(scope.Look());
    }

    [Fact]
    public void A_tree_with_one_who_may_not_be_killed_is_left_to_be_killed_one_by_one()
    {
        _windows.Add(101, 100, 21).TerminateError = WindowsError.AccessDenied;
        using var scope = Tree();
        Assert.False(scope.TryKillAll());
    }

    [Fact]
    public async Task A_stop_of_our_own_tree_or_of_one_above_us_passes_over_us()
    {
        // 3 has been given the id of our parent's parent, which ended long ago.
        _windows.Add(3, 0, 90);
        var parent = _windows.Add(50, 3, 5);
        _windows.Add(FakeWindows.Us, 50, 10);
        var sibling = _windows.Add(51, 50, 6);
        using var scope = Tree(50);
        Assert.Equal([100, 51], scope.Look().Select(identity => identity.Id));
        Assert.True(scope.TryKillAll());
        await scope.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Null(parent.ExitCode);
        Assert.NotNull(sibling.ExitCode);
        Assert.DoesNotContain(new() { Id = 3, StartTime = 90 }, WindowsOwnProcesses.Find(_windows));
    }

    [Fact]
    public async Task A_scope_of_nobody_is_gone()
    {
        using var scope = new WindowsProcessScope(_windows, Sender(), process: null, "process 5", 5);
        await scope.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Empty(scope.Look());
        Assert.Null(scope.ExitStatus);
        Assert.Equal(SendOutcome.Gone, scope.Send(new() { Id = 5 }, SIGKILL));
    }

    [Fact]
    public void One_that_may_not_be_opened_is_alive_and_not_permitted_until_it_ends()
    {
        _windows.Denied.Add(200);
        using var scope = new WindowsDeniedScope(_windows, new() { Id = 200 }, "process 200", 200);
        Assert.Equal([200], scope.Look().Select(identity => identity.Id));
        Assert.Equal(SendOutcome.NotPermitted, scope.Send(new() { Id = 200 }, SIGKILL));
        Assert.False(scope.TryKillAll());
        _windows.Denied.Clear();
        Assert.Empty(scope.Look());
        Assert.Equal(SendOutcome.Gone, scope.Send(new() { Id = 200 }, SIGKILL));
    }

    [Fact]
    public void Nobody_is_hit_who_has_the_id_of_another()
    {
        using var scope = Tree();
        Assert.Equal(SendOutcome.Gone, scope.Send(_root.Identity with { StartTime = 19 }, SIGKILL));
        Assert.Equal(SendOutcome.Gone, scope.Send(new() { Id = FakeWindows.Us, StartTime = 10 }, SIGKILL));
        Assert.Null(_root.ExitCode);
    }

    [Fact]
    public void A_disposed_scope_holds_no_handle_and_hits_nobody()
    {
        _windows.Add(101, 100, 21);
        var scope = Tree();
        scope.Look();
        Assert.Equal(2, _windows.OpenHandles);
        scope.Dispose();
        Assert.Equal(0, _windows.OpenHandles);
        Assert.Equal(SendOutcome.Gone, scope.Send(_root.Identity, SIGKILL));
        Assert.Empty(scope.Look());
    }

    private WindowsTreeScope Tree(int id = 100)
    {
        Assert.Equal(0, _windows.Open(id, out var root));
        return new(_windows, Sender(), root, $"the tree of process {id}", id);
    }

    private WindowsSender Sender() => new(_windows, new());
}
