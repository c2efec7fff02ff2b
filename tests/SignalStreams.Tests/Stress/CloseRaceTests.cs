namespace SignalStreams.Tests.Stress;

/// <summary>Something closes at the moment when a signal arrives: the signal is acted on, or has the system's default effect, and never both or neither.</summary>
public sealed class CloseRaceTests
{
    private static readonly int Races = Effort.Of(10_000);

    private int _handled;

    [Theory]
    [InlineData(ReadWay.Receive)]
    [InlineData(ReadWay.ReceiveDelivery)]
    [InlineData(ReadWay.Enumerate)]
    [InlineData(ReadWay.EnumerateDeliveries)]
    public Task Receiver_with_a_reader(ReadWay way) => RunAsync(async (test, duel) =>
    {
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        var read = receiver.ReadOneAsync(way, TestContext.Current.CancellationToken);
        duel.Meet(receiver.Dispose, () => test.Raise(SIGTERM));
        if (await read.WithLimit() is { } signal)
        {
            Assert.Equal(SIGTERM, signal);
            _handled++;
        }
    });

    [Fact]
    public Task Receiver_with_eight_readers() => RunAsync(async (test, duel) =>
    {
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        Task<ShutdownSignal?>[] reads = [.. Enumerable.Range(0, 8).Select(i => receiver.ReadOneAsync((ReadWay)(i % 4), TestContext.Current.CancellationToken))];
        duel.Meet(receiver.Dispose, () => test.Raise(SIGTERM));
        _handled += (await Task.WhenAll(reads).WithLimit()).Count(signal => signal is not null);
    });

    [Fact]
    public Task Receiver_that_nobody_reads() => RunAsync((test, duel) =>
    {
        var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
        duel.Meet(
            () =>
            {
                _handled += receiver.TryReceive(out _) ? 1 : 0;
                receiver.Dispose();
            },
            () => test.Raise(SIGTERM));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Token_source() => RunAsync((test, duel) =>
    {
        var source = test.Hub.CancelOn(SIGTERM);
        var token = source.Token;
        duel.Meet(
            () =>
            {
                source.Dispose();
                _handled += token.IsCancellationRequested ? 1 : 0;
            },
            () => test.Raise(SIGTERM));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Link_to_a_source() => RunAsync((test, duel) =>
    {
        using var source = new CancellationTokenSource();
        var link = test.Hub.CancelOn(source, [SIGTERM]);
        duel.Meet(
            () =>
            {
                link.Dispose();
                _handled += source.IsCancellationRequested ? 1 : 0;
            },
            () => test.Raise(SIGTERM));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Callback() => RunAsync(async (test, duel) =>
    {
        var before = Total(test);
        var registration = test.Hub.OnShutdown(_ => Interlocked.Increment(ref _handled), SIGTERM);
        duel.Meet(registration.Dispose, () => test.Raise(SIGTERM));
        await Patience.UntilAsync(() => Total(test) > before, () => "The signal vanished.");
    });

    [Fact]
    public Task Wait() => RunAsync(async (test, duel) =>
    {
        using var cts = new CancellationTokenSource();
        var wait = test.Hub.WaitForShutdownAsync([SIGTERM], cts.Token);
        duel.Meet(cts.Cancel, () => test.Raise(SIGTERM));
        try
        {
            Assert.Equal(SIGTERM, await wait.WithLimit());
            _handled++;
        }
        catch (OperationCanceledException)
        {
        }

        // What a wait keeps claimed after it has ended.
        test.Hub.Router.CloseAll();
    });

    private async Task RunAsync(Func<TestSignalHub, Duel, Task> race)
    {
        await using var test = new TestSignalHub();
        test.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        using var duel = new Duel();
        for (var i = 1; i <= Races; i++)
        {
            var before = _handled;
            await race(test, duel);
            duel.Won(here: _handled == before);
            var total = Total(test);
            Assert.True(total == i, $"Of {i} signals {_handled} were handled and {total - _handled} had their default effect.");
        }

        Assert.Empty(test.Listeners);
        duel.AssertBothWon();
    }

    private int Total(TestSignalHub test) => Volatile.Read(ref _handled) + test.Unheard.Count;
}
