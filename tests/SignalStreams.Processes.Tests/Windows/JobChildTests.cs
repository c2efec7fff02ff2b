namespace SignalStreams.Processes.Tests.Windows;

public sealed class JobChildTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FakeWindows _windows = new();
    private readonly FakeJob _job = new();
    private readonly WindowsGroupLeaders _leaders = new();
    private readonly FakeProcess _process;

    public JobChildTests()
    {
        _process = _windows.Add(100, FakeWindows.Us, 20);
        _windows.OnOurConsole.Add(100);
        _job.Members.Add(_process);
    }

    [Fact]
    public async Task It_is_gone_with_its_last_descendant_and_not_before()
    {
        var orphan = _windows.Add(101, 99, 21);
        _job.Members.Add(orphan);
        await using var child = Child();
        _process.End(3);
        Assert.Equal(3, (await child.Exit.WaitAsync(Limit, TestContext.Current.CancellationToken)).Code);
        Assert.False(child.Gone.IsCompleted);
        // The system does not say that the job is empty; the end of the orphan is seen all the same.
        orphan.End(0);
        await child.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_is_gone_at_once_when_nobody_is_left()
    {
        await using var child = Child();
        _process.End(0);
        await child.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Its_polite_signal_is_a_break_to_its_own_group()
    {
        await using var child = Child();
        Assert.Equal(SendOutcome.Sent, child.Send(SIGTERM, value: null));
        Assert.Equal(SendOutcome.Sent, child.SendToGroup(SIGBREAK));
        Assert.Equal(["ControlBreak to group 100", "ControlBreak to group 100"], _windows.Log);
    }

    [Fact]
    public async Task A_stop_sees_those_whose_parents_have_ended_and_no_stranger()
    {
        _job.Members.Add(_windows.Add(101, 99, 21));
        _windows.Add(102, 98, 22);
        await using var child = Child();
        using var scope = child.OpenStopScope();
        Assert.Equal([101, 100], scope.Look().Select(identity => identity.Id));
        Assert.True(scope.TryKillAll());
        Assert.Empty(scope.Look());
        await scope.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(-1, scope.ExitStatus?.Code);
    }

    [Fact]
    public async Task Two_stops_of_it_are_the_same_stop()
    {
        await using var child = Child();
        using var first = child.OpenStopScope();
        using var second = child.OpenStopScope();
        Assert.Equal(first.Key, second.Key);
    }

    [Fact]
    public async Task Disposing_it_kills_what_is_left_and_gives_back_all_handles()
    {
        var orphan = _windows.Add(101, 99, 21);
        _job.Members.Add(orphan);
        var child = Child();
        await child.DisposeAsync();
        await child.Gone.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await child.Exit.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.NotNull(orphan.ExitCode);
        Assert.True(_job.IsDisposed);
        Assert.False(_leaders.Contains(child.Identity));
        await child.DisposeAsync();
        child.KillAll();
        Assert.True(SpinWait.SpinUntil(() => _windows.OpenHandles == 0, Limit));
    }

    public void Dispose() => _job.Dispose();

    private JobChild Child() =>
        new(_windows, new(_windows, _leaders), _leaders, new(new FakeHandle(_process), _job, null, null, null));
}
