namespace SignalStreams.Tests.Stress.Model;

/// <summary>A hub beside a simple picture of what it is to do; each move is made by both, and then they are compared.</summary>
internal sealed class HubModel : IDisposable
{
    private readonly TestSignalHub _test = new();
    private readonly List<ReceiverModel> _receivers = [];
    private readonly List<TokenModel> _tokens = [];
    private readonly List<ShutdownSignal> _unheard = [];
    private long _sequence;

    public HubModel() => _test.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;

    public async Task MakeAsync(Move move)
    {
        await (move.Kind switch
        {
            MoveKind.OpenReceiver => OpenAsync(move),
            MoveKind.CloseReceiver => CloseAsync(move.Of(_receivers)),
            MoveKind.Add => AddAsync(move.Of(_receivers), move.Signal),
            MoveKind.Remove => RemoveAsync(move.Of(_receivers), move.Signal),
            MoveKind.Raise => RaiseAsync(move.Signal, isQueued: false),
            MoveKind.RaiseQueued => RaiseAsync(move.Signal, isQueued: true),
            MoveKind.Receive => ReceiveAsync(move.Of(_receivers)),
            MoveKind.CancelReceive => CancelAsync(move.Of(_receivers), move.Choice),
            MoveKind.OpenToken => OpenTokenAsync(move),
            MoveKind.CloseToken => CloseTokenAsync(move.Of(_tokens)),
            _ => throw new ArgumentOutOfRangeException(nameof(move)),
        });
        Compare();
    }

    public async Task EndAsync()
    {
        foreach (var receiver in _receivers.ToList())
        {
            while (receiver.Pending.Count > 0)
            {
                await ReceiveAsync(receiver);
            }

            await CloseAsync(receiver);
        }

        foreach (var token in _tokens.ToList())
        {
            await CloseTokenAsync(token);
        }

        Compare();
        Assert.Empty(_test.Listeners);
    }

    public void Dispose() => _test.Dispose();

    private Task OpenAsync(Move move)
    {
        var receiver = new ReceiverModel(move.Options, _test.Hub.OpenSignalReceiver(move.Options, move.SignalSet));
        receiver.Interests.AddRange(move.SignalSet.Select(signal => new InterestModel(signal, _sequence)));
        _receivers.Add(receiver);
        return Task.CompletedTask;
    }

    private async Task CloseAsync(ReceiverModel? receiver)
    {
        if (receiver is null)
        {
            return;
        }

        receiver.IsClosed = true;
        _receivers.Remove(receiver);
        foreach (var interest in receiver.Interests)
        {
            interest.Others = OthersOf(interest);
        }

        receiver.Real.Dispose();
        foreach (var waiting in receiver.Waiting)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.Real.WithLimit());
        }

        if (receiver.Unread() is { } signal)
        {
            await HearAsync(signal, isQueued: false);
        }
    }

    private Task AddAsync(ReceiverModel? receiver, ShutdownSignal signal)
    {
        if (receiver is not null)
        {
            receiver.Real.Add(signal);
            if (!receiver.Interests.Exists(interest => interest.Signal == signal))
            {
                receiver.Interests.Add(new InterestModel(signal, _sequence));
            }
        }

        return Task.CompletedTask;
    }

    private Task RemoveAsync(ReceiverModel? receiver, ShutdownSignal signal)
    {
        if (receiver is not null)
        {
            var interest = receiver.Interests.Find(interest => interest.Signal == signal);
            Assert.Equal(interest is not null, receiver.Real.Remove(signal));
            if (interest is not null)
            {
                receiver.Interests.Remove(interest);
                interest.Others = OthersOf(interest);
            }
        }

        return Task.CompletedTask;
    }

    private async Task RaiseAsync(ShutdownSignal signal, bool isQueued)
    {
        var isHeard = _test.Raise(signal, isQueued ? new SignalOrigin { Kind = SignalOriginKind.Queue } : null);
        Assert.Equal(await HearAsync(signal, isQueued || (int)signal > 0), isHeard);
    }

    /// <summary>What is to follow when a signal arrives; the hub has been given it.</summary>
    private async Task<bool> HearAsync(ShutdownSignal signal, bool isQueued)
    {
        var receivers = _receivers.Where(receiver => receiver.Interests.Exists(interest => interest.Signal == signal)).ToList();
        var tokens = _tokens.Where(token => token.Interests.Exists(interest => interest.Signal == signal)).ToList();
        if (receivers.Count + tokens.Count == 0)
        {
            _unheard.Add(signal);
            return false;
        }

        _sequence++;
        tokens.ForEach(token => token.Signal ??= signal);
        foreach (var receiver in receivers)
        {
            receiver.Record(receiver.Interests.Find(interest => interest.Signal == signal)!, _sequence, isQueued);
            if (receiver.Waiting.Count > 0)
            {
                var first = receiver.Waiting[0];
                receiver.Waiting.RemoveAt(0);
                await AssertReadAsync(receiver, first);
            }
        }

        return true;
    }

    private static async Task ReceiveAsync(ReceiverModel? receiver)
    {
        if (receiver is null)
        {
            return;
        }

        var cancellation = new CancellationTokenSource();
        receiver.Ask();
        var read = new ReadModel(receiver.Real.ReceiveDeliveryAsync(cancellation.Token).AsTask(), cancellation);
        if (receiver.Pending.Count > 0)
        {
            Assert.True(read.Real.IsCompleted, "What is there is read without waiting.");
            await AssertReadAsync(receiver, read);
        }
        else
        {
            receiver.Waiting.Add(read);
        }
    }

    private static async Task CancelAsync(ReceiverModel? receiver, byte choice)
    {
        if (receiver?.Waiting.Count > 0)
        {
            var read = receiver.Waiting[choice % receiver.Waiting.Count];
            receiver.Waiting.Remove(read);
            await read.Cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Real.WithLimit());
        }
    }

    private Task OpenTokenAsync(Move move)
    {
        var token = new TokenModel(_test.Hub.CancelOn(move.SignalSet));
        token.Interests.AddRange(move.SignalSet.Select(signal => new InterestModel(signal, _sequence)));
        _tokens.Add(token);
        return Task.CompletedTask;
    }

    private Task CloseTokenAsync(TokenModel? token)
    {
        if (token is not null)
        {
            _tokens.Remove(token);
            token.Real.Dispose();
        }

        return Task.CompletedTask;
    }

    private static async Task AssertReadAsync(ReceiverModel receiver, ReadModel read)
    {
        var expected = receiver.Read()!;
        var delivery = await read.Real.WithLimit();
        Assert.Equal((expected.Interest.Signal, expected.Sequence, expected.Count), (delivery.Signal, delivery.Sequence, delivery.Count));
    }

    private void Compare()
    {
        Assert.Equal(_unheard, _test.Unheard);
        Assert.Equal(_unheard.Find(signal => signal != SIGWINCH), _test.Ended?.Signal ?? default);
        Assert.Equal(
            _receivers.Sum(receiver => receiver.Interests.Count) + _tokens.Sum(token => token.Interests.Count),
            _test.Listeners.Count);
        foreach (var receiver in _receivers)
        {
            Assert.Equal(receiver.Interests.Select(interest => interest.Signal), receiver.Real.Subscribed);
            Assert.Equal((receiver.Coalesced, receiver.Lost), (receiver.Real.Coalesced, receiver.Real.Lost));
            Assert.DoesNotContain(receiver.Waiting, waiting => waiting.Real.IsCompleted);
        }

        Assert.All(_tokens, token => Assert.Equal(token.Signal, token.Real.Signal));
    }

    private List<InterestModel> OthersOf(InterestModel own) =>
    [
        .. _receivers.SelectMany(receiver => receiver.Interests).Concat(_tokens.SelectMany(token => token.Interests))
            .Where(interest => interest.Signal == own.Signal && interest != own),
    ];
}
