using System.Runtime.CompilerServices;

namespace SignalStreams.Tests.Stress;

/// <summary>A receiver that nobody can reach any more is closed; one that somebody waits on is reachable, whoever holds it.</summary>
public sealed class UnreachableReceiverTests : IAsyncDisposable
{
    private readonly TestSignalHub _test = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Receiver_that_was_dropped_is_closed_and_raises_nothing_again()
    {
        Drop();
        Assert.True(_test.IsListening(SIGTERM));
        _test.Raise(SIGTERM);
        await UntilNobodyListensAsync();
        Assert.Empty(_test.Unheard);
        await Patience.UntilAsync(() => _test.Hub.Router.Threads.Count == 0, () => "A delivery thread is left.");
    }

    [Fact]
    public async Task Receiver_whose_loop_was_left_is_closed()
    {
        var loop = LoopOnceAsync();
        _test.Raise(SIGTERM);
        await loop.WithLimit();
        loop = null;
        await UntilNobodyListensAsync();
    }

    [Theory]
    [InlineData(ReadWay.Receive)]
    [InlineData(ReadWay.ReceiveDelivery)]
    [InlineData(ReadWay.Enumerate)]
    [InlineData(ReadWay.EnumerateDeliveries)]
    public async Task Receiver_that_somebody_waits_on_stays_open(ReadWay way)
    {
        var read = new TaskCompletionSource<ShutdownSignal?>();
        WaitFor(way, read);
        for (var i = 0; i < 10; i++)
        {
            Collect();
            Assert.True(_test.IsListening(SIGTERM), "It was closed while somebody waited.");
        }

        _test.Raise(SIGTERM);
        Assert.Equal(SIGTERM, await read.Task.WithLimit());
        await UntilNobodyListensAsync();
    }

    [Fact]
    public async Task Token_source_that_was_dropped_goes_on_listening()
    {
        var cancelled = new TaskCompletionSource();
        DropSource(cancelled);
        Collect();
        _test.Raise(SIGTERM);
        await cancelled.Task.WithLimit();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Drop() => _ = _test.Hub.OpenSignalReceiver(SIGTERM);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DropSource(TaskCompletionSource cancelled) => _test.Hub.CancelOn(SIGTERM).Token.Register(cancelled.SetResult);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task LoopOnceAsync()
    {
        await foreach (var _ in _test.Hub.OpenSignalReceiver(SIGTERM))
        {
            break;
        }
    }

    // Nobody keeps the task: only the hub leads to the one who waits.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitFor(ReadWay way, TaskCompletionSource<ShutdownSignal?> read) => _ = WaitAsync(_test.Hub.OpenSignalReceiver(SIGTERM), way, read);

    private static async Task WaitAsync(SignalReceiver receiver, ReadWay way, TaskCompletionSource<ShutdownSignal?> read) =>
        read.SetResult(await receiver.ReadOneAsync(way, CancellationToken.None));

    private Task UntilNobodyListensAsync() => Patience.UntilAsync(
        () =>
        {
            Collect();
            return _test.Listeners.Count == 0;
        },
        () => $"Still listening: {string.Join(", ", _test.Listeners)}.");

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
