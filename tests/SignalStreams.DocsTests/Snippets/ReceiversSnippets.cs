using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class ReceiversSnippets : SnippetTests
{
    [Fact]
    public async Task Loop_reads_signals_in_order()
    {
        using var test = TestSignals.Install();
        var loop = LoopAsync();
        foreach (var signal in new[] { SIGHUP, SIGUSR1, SIGTERM })
        {
            test.Raise(signal);
        }

        await loop.WithLimit();
        Assert.Equal(["reload", "print statistics"], Console.Lines);

        async Task LoopAsync()
        {
            #region Loop_reads_signals_in_order
            await using var receiver = Signals.OpenSignalReceiver(SIGHUP, SIGUSR1, SIGTERM);
            await foreach (var signal in receiver)
            {
                if (signal == SIGTERM) break;
                Console.WriteLine(signal == SIGHUP ? "reload" : "print statistics");
            }
            #endregion
        }
    }

    [Fact]
    public async Task Pending_signals_are_taken_without_waiting()
    {
        using var test = TestSignals.Install();
        await using var receiver = Signals.OpenSignalReceiver(SIGHUP);
        test.Raise(SIGHUP);

        #region Pending_signals_are_taken_without_waiting
        while (receiver.TryReceive(out var signal))
        {
            Console.WriteLine(signal);
        }
        #endregion
        Assert.Equal(["SIGHUP"], Console.Lines);
    }

    [Fact]
    public async Task Set_changes_while_it_is_open()
    {
        using var test = TestSignals.Install();
        await using var receiver = Signals.OpenSignalReceiver(SIGTERM);

        #region Set_changes_while_it_is_open
        receiver.Add(SIGUSR1);          // listens to SIGUSR1 from now on
        receiver.Remove(SIGUSR1);       // no longer; what arrived before can still be read
        #endregion
        Assert.Equal([SIGTERM], receiver.Subscribed);
    }

    [Fact]
    public async Task Repeats_merge_in_a_full_buffer()
    {
        using var test = TestSignals.Install();

        #region Repeats_merge_in_a_full_buffer
        await using var receiver = Signals.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 1 }, SIGHUP, SIGUSR1);
        Raise(SIGHUP, SIGHUP, SIGHUP, SIGUSR1);         // nobody reads meanwhile
        Console.WriteLine(await receiver.ReceiveDeliveryAsync());   // SIGHUP x3 from test
        Console.WriteLine(await receiver.ReceiveDeliveryAsync());   // SIGUSR1 from test
        Console.WriteLine(receiver.Coalesced);                      // 2
        #endregion
        Assert.Equal(["SIGHUP x3 from test", "SIGUSR1 from test", "2"], Console.Lines);

        void Raise(params ShutdownSignal[] signals) => Array.ForEach(signals, signal => test.Raise(signal));
    }

    [Fact]
    public async Task Every_repeat_merges_by_option()
    {
        using var test = TestSignals.Install();

        #region Every_repeat_merges_by_option
        await using var receiver = Signals.OpenSignalReceiver(new SignalReceiverOptions { Coalesce = true }, SIGHUP);
        #endregion
        test.Raise(SIGHUP);
        test.Raise(SIGHUP);
        Assert.Equal(2, (await receiver.ReceiveDeliveryAsync()).Count);
        Assert.False(receiver.TryReceive(out _));
    }

    [Fact]
    public async Task Unread_signal_is_raised_again()
    {
        using var test = TestSignals.Install();
        void Raise(ShutdownSignal signal) => test.Raise(signal);

        #region Unread_signal_is_raised_again
        await using (var receiver = Signals.OpenSignalReceiver(SIGTERM))
        {
            Raise(SIGTERM);         // arrives, and nobody reads it
        }                           // raised again: the process ends by SIGTERM
        #endregion
        Assert.Equal((SIGTERM, TestProcessEndCause.NobodyListened), (test.Ended?.Signal, test.Ended?.Cause));
    }

    [Fact]
    public void Unread_signal_is_dropped_by_option()
    {
        using var test = TestSignals.Install();

        #region Unread_signal_is_dropped_by_option
        var options = new SignalReceiverOptions { Unread = UnreadSignals.Drop };
        using var receiver = Signals.OpenSignalReceiver(options, SIGTERM);
        #endregion
        test.Raise(SIGTERM);
        receiver.Dispose();
        Assert.Null(test.Ended);
    }

    [Fact]
    public async Task Two_readers_are_served_in_turn()
    {
        using var test = TestSignals.Install();
        await using var receiver = Signals.OpenSignalReceiver(SIGUSR1);

        #region Two_readers_are_served_in_turn
        var first = receiver.ReceiveAsync();
        var second = receiver.ReceiveAsync();
        #endregion
        test.Raise(SIGUSR1);
        Assert.Equal(SIGUSR1, await first.AsTask().WithLimit());
        Assert.False(second.IsCompleted);
        test.Raise(SIGUSR1);
        Assert.Equal(SIGUSR1, await second.AsTask().WithLimit());
    }

    [Fact]
    public async Task Cancelled_wait_loses_nothing()
    {
        using var test = TestSignals.Install();
        await using var receiver = Signals.OpenSignalReceiver(SIGHUP);
        var patience = TimeSpan.FromMilliseconds(1);

        #region Cancelled_wait_loses_nothing
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await receiver.ReceiveAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // The receiver is still open. What arrives from here on is there for the next read.
        }
        #endregion
        test.Raise(SIGHUP);
        Assert.Equal(SIGHUP, await receiver.ReceiveAsync());
    }

    [Fact]
    public async Task Token_of_the_receiver_cancels_every_wait()
    {
        using var test = TestSignals.Install();
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();

        #region Token_of_the_receiver_cancels_every_wait
        await using var receiver = Signals.OpenSignalReceiver([SIGHUP, SIGUSR1], stopping.Token);
        #endregion
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await receiver.ReceiveAsync());
    }

    [Fact]
    public async Task Inherited_ignore_is_overridden_by_option()
    {
        using var test = TestSignals.Install();

        #region Inherited_ignore_is_overridden_by_option
        var options = new SignalReceiverOptions { OverrideIgnored = true };
        await using var receiver = Signals.OpenSignalReceiver(options, SIGHUP);
        #endregion
        Assert.Empty(receiver.Ignored);
    }
}
