using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace SignalStreams;

/// <summary>A receiver's bounded channel, and the rule of what happens when it is full.</summary>
/// <remarks>
/// One thread writes at a time (the router's gate), one reads at a time (the receiver's gate). A write that finds room needs the
/// channel's own lock only; one that may merge needs the receiver's gate too, since what it merges into must not be read meanwhile.
/// </remarks>
internal sealed class ReceiverBuffer(SignalReceiverOptions options)
{
    // More kinds than any platform has: the channel itself says no only to one who removes and adds signals hundreds of times and never reads.
    private const int Kinds = 128;

    private const int Kept = 64;

    private readonly Channel<Pending> _channel = Channel.CreateBounded<Pending>(options.Capacity + options.QueuedCapacity + (2 * Kinds));
    private int _written;
    private int _read;
    private int _queuedWritten;
    private int _queuedRead;
    private long _coalesced;
    private long _lost;
    private Pending? _free;
    private Pending? _returned;

    public long Coalesced => Interlocked.Read(ref _coalesced);

    public long Lost => Interlocked.Read(ref _lost);

    public bool IsEmpty => !_channel.Reader.TryPeek(out _);

    /// <summary>Writes where there is plainly room. Under the router's gate.</summary>
    public bool TryWrite(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        return !options.Coalesce && !isQueued && _written - Volatile.Read(ref _read) < options.Capacity
            && Write(subscription, in delivery, isQueued);
    }

    /// <summary>Writes, merges or counts as lost. Under the router's gate and the receiver's.</summary>
    public RecordOutcome WriteOrMerge(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        if (isQueued)
        {
            if (_queuedWritten - _queuedRead >= options.QueuedCapacity && subscription.QueuedWritten - subscription.QueuedRead > 0)
            {
                return Lose();
            }
        }
        else if (subscription.Written - subscription.Read > 0 && (options.Coalesce || _written - _read >= options.Capacity))
        {
            subscription.Merged++;
            Interlocked.Increment(ref _coalesced);
            return RecordOutcome.Coalesced;
        }

        return Write(subscription, in delivery, isQueued) ? RecordOutcome.Recorded : Lose();
    }

    /// <summary>Takes the earliest delivery, with all that merged into it. Under the receiver's gate.</summary>
    public bool TryRead(out SignalDelivery delivery, [NotNullWhen(true)] out Subscription? subscription)
    {
        if (!_channel.Reader.TryRead(out var pending))
        {
            delivery = default;
            subscription = null;
            return false;
        }

        subscription = pending.Subscription;
        delivery = pending.Delivery;
        var isQueued = pending.IsQueued;
        Return(pending);
        if (isQueued)
        {
            _queuedRead++;
            subscription.QueuedRead++;
        }
        else
        {
            Volatile.Write(ref _read, _read + 1);
            subscription.Read++;
            if (subscription.Merged > 0)
            {
                delivery = delivery with { Count = delivery.Count + subscription.Merged };
                subscription.Merged = 0;
            }
        }

        return true;
    }

    private RecordOutcome Lose()
    {
        Interlocked.Increment(ref _lost);
        return RecordOutcome.Lost;
    }

    private bool Write(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        if (!_channel.Writer.TryWrite(Rent(subscription, in delivery, isQueued)))
        {
            return false;
        }

        if (isQueued)
        {
            _queuedWritten++;
            subscription.QueuedWritten++;
        }
        else
        {
            _written++;
            subscription.Written++;
        }

        return true;
    }

    private Pending Rent(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        // The writer takes all that was returned at once: nothing that it looks at is returned a second time meanwhile.
        var pending = _free ?? Interlocked.Exchange(ref _returned, null) ?? new Pending();
        _free = pending.Next;
        pending.Next = null;
        pending.Subscription = subscription;
        pending.Delivery = delivery;
        pending.IsQueued = isQueued;
        return pending;
    }

    private void Return(Pending pending)
    {
        // What a storm needed is not kept.
        if (_queuedWritten - _queuedRead > Kept || _written - _read > Kept)
        {
            return;
        }

        pending.Subscription = null!;
        Pending? first;
        do
        {
            first = Volatile.Read(ref _returned);
            pending.Next = first;
        }
        while (Interlocked.CompareExchange(ref _returned, pending, first) != first);
    }

    // A class, used again: a channel of a structure would have to be compiled at the start of every program.
    private sealed class Pending
    {
        public Subscription Subscription { get; set; } = null!;

        public SignalDelivery Delivery { get; set; }

        public bool IsQueued { get; set; }

        public Pending? Next { get; set; }
    }
}
