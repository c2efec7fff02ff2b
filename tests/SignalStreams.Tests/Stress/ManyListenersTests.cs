namespace SignalStreams.Tests.Stress;

/// <summary>A thousand listeners on one signal, with the worst neighbours that they can have.</summary>
public sealed class ManyListenersTests : IAsyncDisposable
{
    private const int Listeners = 1000;
    private const int Rounds = 50;

    private static readonly SignalReceiverOptions Roomy = new() { Capacity = Rounds };

    private readonly TestSignalHub _test = new();
    private readonly ManualResetEventSlim _release = new();

    public async ValueTask DisposeAsync()
    {
        _release.Set();
        await _test.DisposeAsync();
        await Patience.UntilAsync(() => _test.Hub.Router.Threads.Count == 0, () => $"{_test.Hub.Router.Threads.Count} delivery threads are left.");
        _release.Dispose();
    }

    [Fact]
    public async Task Each_gets_every_signal_in_the_same_order()
    {
        var consumers = OpenConsumers();
        RaiseAll();
        await AssertServedAsync(consumers);
    }

    [Fact]
    public async Task Consumers_that_throw_harm_nobody()
    {
        using var source = _test.Hub.CancelOn(SIGTERM);
        source.Token.Register(() => throw new InvalidOperationException("A callback of a token throws."));
        using var callback = _test.Hub.OnShutdown((Action<ShutdownSignal>)(_ => throw new InvalidOperationException("A callback throws.")), SIGTERM);
        await using var receiver = _test.Hub.OpenSignalReceiver(Roomy, SIGTERM);
        var consumers = OpenConsumers();
        var continued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable CA2012 // An async method would keep the exception to itself.
        receiver.ReceiveAsync(TestContext.Current.CancellationToken).GetAwaiter().UnsafeOnCompleted(() =>
        {
            continued.SetResult();
            throw new InvalidOperationException("A continuation throws.");
        });
#pragma warning restore CA2012
        RaiseAll();
        Assert.True(source.IsCancellationRequested);
        await AssertServedAsync(consumers);

        // The one whose continuation threw has lost only what that continuation was given, which may be long after all the others were served.
        await continued.Task.WithLimit();
        Assert.Equal(Rounds - 1, Count(receiver));
    }

    [Fact]
    public async Task Receiver_that_nobody_reads_merges_repeats_and_harms_nobody()
    {
        await using var receiver = _test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 4, Unread = UnreadSignals.Drop }, SIGTERM);
        var consumers = OpenConsumers();
        RaiseAll();
        await AssertServedAsync(consumers);
        Assert.Equal(Rounds - 4, receiver.Coalesced);
        var earliest = await receiver.ReceiveDeliveryAsync(TestContext.Current.CancellationToken).WithLimit();
        Assert.Equal((1, Rounds - 3), (earliest.Sequence, earliest.Count));
        Assert.Equal(3, Count(receiver));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Consumers_that_block_their_thread_for_ever_delay_nobody(int blockers)
    {
        var blocked = new CountdownEvent(3 * blockers);
        List<IDisposable> listeners = [];
        for (var i = 0; i < blockers; i++)
        {
            var receiver = _test.Hub.OpenSignalReceiver(Roomy, SIGTERM);
            _ = BlockAsync(receiver, blocked);
            listeners.Add(receiver);
            var source = _test.Hub.CancelOn(SIGTERM);
            source.Token.Register(() => Block(blocked));
            listeners.Add(source);
            listeners.Add(_test.Hub.OnShutdown(_ => Block(blocked), SIGTERM));
        }

        var consumers = OpenConsumers();
        _test.Raise(SIGTERM);
        await Patience.UntilAsync(() => blocked.IsSet, () => $"{blocked.CurrentCount} of those who block were not served.");
        for (var round = 2; round <= Rounds; round++)
        {
            _test.Raise(SIGTERM);
            await Patience.UntilAsync(() => Array.TrueForAll(consumers, consumer => consumer.Signals == round), () => "Not all were served.");
        }

        await AssertServedAsync(consumers);

        // One for each that blocks, and two. On a busy machine one that is only slow may pass for blocked, until it has come back and lingered.
        var most = 0;
        await Patience.UntilAsync(
            () =>
            {
                most = Math.Max(most, _test.Hub.Router.Threads.Count);
                return _test.Hub.Router.Threads.Count <= (3 * blockers) + 2;
            },
            () => $"{_test.Hub.Router.Threads.Count} threads deliver, of which {3 * blockers} are blocked.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{most} threads at most");
        listeners.ForEach(listener => listener.Dispose());
    }

    [Fact]
    public async Task Receivers_tokens_callbacks_and_waits_are_all_served()
    {
        var called = 0;
        var consumers = OpenConsumers(Listeners / 4);
        SignalCancellationTokenSource[] sources = [.. Enumerable.Range(0, Listeners / 4).Select(_ => _test.Hub.CancelOn(SIGTERM))];
        IDisposable[] callbacks = [.. Enumerable.Range(0, Listeners / 4).Select(_ => _test.Hub.OnShutdown(_ => Interlocked.Increment(ref called), SIGTERM))];
        Task<ShutdownSignal>[] waits = [.. Enumerable.Range(0, Listeners / 4).Select(_ => _test.Hub.WaitForShutdownAsync(SIGTERM))];
        _test.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        RaiseAll();
        await AssertServedAsync(consumers);
        Assert.All(await Task.WhenAll(waits).WithLimit(), signal => Assert.Equal(SIGTERM, signal));
        Assert.All(sources, source => Assert.Equal(SIGTERM, source.Signal));
        await Patience.UntilAsync(() => Volatile.Read(ref called) >= callbacks.Length, () => $"{called} callbacks ran.");
        Assert.Equal(callbacks.Length, called);
        Assert.All(sources, source => source.Dispose());
        Assert.All(callbacks, callback => callback.Dispose());
    }

    private async Task BlockAsync(SignalReceiver receiver, CountdownEvent blocked)
    {
        await foreach (var _ in receiver)
        {
            Block(blocked);
        }
    }

    private void Block(CountdownEvent blocked)
    {
        blocked.Signal();
        _release.Wait();
    }

    private Consumer[] OpenConsumers(int count = Listeners) => [.. Enumerable.Range(0, count).Select(_ => new Consumer(_test.Hub, Roomy, SIGTERM))];

    private void RaiseAll(int rounds = Rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            _test.Raise(SIGTERM);
        }
    }

    private static async Task AssertServedAsync(Consumer[] consumers)
    {
        await Patience.UntilAsync(
            () => Array.TrueForAll(consumers, consumer => consumer.Signals == Rounds),
            () => $"{consumers.Count(consumer => consumer.Signals < Rounds)} of {consumers.Length} were not served.");
        foreach (var consumer in consumers)
        {
            Assert.Equal(Enumerable.Range(1, Rounds).Select(i => (long)i), await consumer.EndAsync());
        }
    }

    private static int Count(SignalReceiver receiver)
    {
        var count = 0;
        while (receiver.TryReceive(out _))
        {
            count++;
        }

        return count;
    }
}
