namespace SignalStreams.Tests.Stress;

/// <summary>A signal between two listeners: the one who closes has not acted on it, the one who opened does not know of it.</summary>
public sealed class HandoverTests
{
    [Fact]
    public async Task Signal_left_unread_reaches_a_receiver_that_opened_after_it_arrived()
    {
        await using var test = new TestSignalHub();
        var first = test.Hub.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM);
        await using var second = test.Hub.OpenSignalReceiver(SIGTERM);
        first.Dispose();
        Assert.True(second.TryReceive(out var signal));
        Assert.Equal(SIGTERM, signal);
        Assert.False(second.TryReceive(out _));
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Signal_left_unread_is_not_raised_again_to_a_receiver_that_was_given_it()
    {
        await using var test = new TestSignalHub();
        await using var second = test.Hub.OpenSignalReceiver(SIGTERM);
        var first = test.Hub.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM);
        first.Dispose();
        Assert.True(second.TryReceive(out _));
        Assert.False(second.TryReceive(out _));
    }

    [Fact]
    public async Task Signal_left_unread_by_all_who_were_given_it_is_raised_again_once()
    {
        await using var test = new TestSignalHub();
        var first = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP);
        var second = test.Hub.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM);
        Assert.True(first.Remove(SIGTERM));
        second.Dispose();
        first.Dispose();
        Assert.Equal([SIGTERM], test.Unheard);
    }

    [Fact]
    public async Task Signal_left_unread_that_was_removed_meanwhile_is_raised_again()
    {
        await using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM, SIGHUP);
        test.Raise(SIGTERM);
        receiver.Remove(SIGTERM);
        Assert.Empty(test.Unheard);
        receiver.Dispose();
        Assert.Equal([SIGTERM], test.Unheard);
    }

    [Fact]
    public async Task Signal_to_a_link_whose_source_is_gone_has_its_default_effect()
    {
        await using var test = new TestSignalHub();
        var source = new CancellationTokenSource();
        using var link = test.Hub.CancelOn(source, [SIGTERM]);
        source.Dispose();
        test.Raise(SIGTERM);
        Assert.Equal(TestProcessEndCause.NobodyListened, (await test.WaitForEndAsync(cancellationToken: TestContext.Current.CancellationToken)).Cause);
        Assert.Empty(test.Listeners);
    }
}
