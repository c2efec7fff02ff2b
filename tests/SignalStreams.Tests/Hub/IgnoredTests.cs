namespace SignalStreams.Tests.Hub;

/// <summary>Who hears a signal that the process was started with as ignored.</summary>
public sealed class IgnoredTests
{
    private static readonly SignalReceiverOptions Overriding = new() { OverrideIgnored = true };

    private readonly IgnoringSource _source = new();
    private readonly SignalHub _hub;

    public IgnoredTests() => _hub = new SignalHub(_source, new TestProcessExit(), TimeProvider.System);

    [Fact]
    public void Listener_that_respects_the_ignore_hears_nothing_though_another_one_overrides_it()
    {
        using var respecting = _hub.OpenSignalReceiver(SIGHUP);
        using var overriding = _hub.OpenSignalReceiver(Overriding, SIGHUP);
        using var late = _hub.OpenSignalReceiver(SIGHUP);
        using var token = _hub.CancelOn(SIGHUP);
        Assert.False(_source.IsIgnored);
        _source.Arrive(SIGHUP);
        Assert.True(overriding.TryReceive(out _));
        Assert.False(respecting.TryReceive(out _));
        Assert.False(late.TryReceive(out _));
        Assert.False(token.IsCancellationRequested);
        Assert.Equal([SIGHUP], respecting.Ignored);
        Assert.Equal([SIGHUP], late.Ignored);
        Assert.Empty(overriding.Ignored);
    }

    [Fact]
    public void Ignore_is_in_force_again_once_nobody_overrides_it()
    {
        using var respecting = _hub.OpenSignalReceiver(SIGHUP);
        var overriding = _hub.OpenSignalReceiver(Overriding, SIGHUP);
        var another = _hub.OpenSignalReceiver(Overriding, SIGHUP);
        overriding.Dispose();
        Assert.False(_source.IsIgnored);
        another.Dispose();
        Assert.True(_source.IsIgnored);
        Assert.True(_source.Arrive(SIGHUP), "On its way already when the ignore came back: it must not end the process.");
    }

    [Fact]
    public async Task Wait_that_overrides_the_ignore_keeps_it_overridden_for_the_attempts_that_follow()
    {
        var wait = _hub.WaitForShutdownAsync(new SignalListenOptions { OverrideIgnored = true }, [SIGINT], TestContext.Current.CancellationToken);
        _source.Arrive(SIGINT);
        Assert.Equal(SIGINT, await wait.WithLimit());
        Assert.False(_source.IsIgnored);
    }

    [Fact]
    public async Task Wait_that_overrides_the_ignore_is_not_undone_by_an_earlier_one_that_respected_it()
    {
        var respecting = _hub.WaitForShutdownAsync(SIGINT, SIGTERM);
        var overriding = _hub.WaitForShutdownAsync(new SignalListenOptions { OverrideIgnored = true }, [SIGINT], TestContext.Current.CancellationToken);
        _source.Arrive(SIGTERM);
        await respecting.WithLimit();
        _source.Arrive(SIGINT);
        Assert.Equal(SIGINT, await overriding.WithLimit());
        Assert.False(_source.IsIgnored);
    }
}
