using System.Diagnostics;

namespace SignalStreams;

/// <summary>A receiver's bounded buffer, and the rule of what happens when it is full.</summary>
/// <remarks>
/// One thread writes at a time (the router's gate), one reads at a time (the receiver's gate). A write that plainly finds room takes
/// no further lock: a reader sees a place once <c>_tail</c> is past it, the writer may use it again once <c>_head</c> is. A write that
/// may merge needs the receiver's gate too, since what it merges into must not be read meanwhile; so does one that makes more room.
/// (Why not a <see cref="System.Threading.Channels.Channel"/>: both sides are serialised already, and its lock is most of what a write would cost.)
/// </remarks>
internal sealed class ReceiverBuffer(SignalReceiverOptions options)
{
    // A power of two, so that positions may wrap around.
    private const int InitialPlaces = 4;

    private readonly int _plainCapacity = options.Coalesce ? 0 : options.Capacity;
    private Pending[] _places = new Pending[InitialPlaces];
    private int _tail;
    private int _head;
    private int _written;
    private int _read;
    private long _coalesced;
    private long _lost;

    public long Coalesced => Interlocked.Read(ref _coalesced);

    public long Lost => Interlocked.Read(ref _lost);

    public bool IsEmpty => Volatile.Read(ref _tail) == Volatile.Read(ref _head);

    /// <summary>Writes where there is plainly room. Under the router's gate.</summary>
    public bool TryWrite(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        // What the reader has done meanwhile only makes room.
        if (isQueued || _written - Volatile.Read(ref _read) >= _plainCapacity || _tail - Volatile.Read(ref _head) >= _places.Length)
        {
            return false;
        }

        Write(subscription, in delivery, isQueued: false);
        return true;
    }

    /// <summary>Writes, merges or counts as lost. Under the router's gate and the receiver's.</summary>
    public RecordOutcome WriteOrMerge(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        var standard = _written - _read;
        if (isQueued)
        {
            if (_tail - _head - standard >= options.QueuedCapacity && subscription.QueuedWritten - subscription.QueuedRead > 0)
            {
                Interlocked.Increment(ref _lost);
                return RecordOutcome.Lost;
            }
        }
        else if (subscription.Written - subscription.Read > 0 && standard >= _plainCapacity)
        {
            subscription.Merged++;
            Interlocked.Increment(ref _coalesced);
            return RecordOutcome.Coalesced;
        }

        if (_tail - _head == _places.Length)
        {
            Grow();
        }

        Write(subscription, in delivery, isQueued);
        return RecordOutcome.Recorded;
    }

    /// <summary>Takes the earliest delivery, with all that merged into it. Under the receiver's gate.</summary>
    public bool TryRead(out SignalDelivery delivery)
    {
        if (IsEmpty)
        {
            delivery = default;
            return false;
        }

        ref var place = ref _places[_head & (_places.Length - 1)];
        var subscription = place.Subscription;
        delivery = place.Delivery;
        if (place.IsQueued)
        {
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

        Volatile.Write(ref _head, _head + 1);
        return true;
    }

    private void Write(Subscription subscription, in SignalDelivery delivery, bool isQueued)
    {
        Debug.Assert(_tail - _head < _places.Length, "The place is free.");
        ref var place = ref _places[_tail & (_places.Length - 1)];
        place.Subscription = subscription;
        place.Delivery = delivery;
        place.IsQueued = isQueued;
        if (isQueued)
        {
            subscription.QueuedWritten++;
        }
        else
        {
            _written++;
            subscription.Written++;
        }

        Volatile.Write(ref _tail, _tail + 1);
    }

    private void Grow()
    {
        var places = new Pending[_places.Length * 2];
        for (var position = _head; position != _tail; position++)
        {
            places[position & (places.Length - 1)] = _places[position & (_places.Length - 1)];
        }

        _places = places;
    }

    private struct Pending
    {
        public Subscription Subscription;
        public SignalDelivery Delivery;
        public bool IsQueued;
    }
}
