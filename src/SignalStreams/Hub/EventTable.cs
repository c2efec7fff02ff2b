namespace SignalStreams;

/// <summary>A few things by event: an array to be searched, since a dictionary by an enumeration has to be compiled at the start of every program.</summary>
internal sealed class EventTable<T>
    where T : class
{
    private ShutdownSignal[] _events = new ShutdownSignal[4];
    private T[] _values = new T[4];

    public int Count { get; private set; }

    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    public T? Find(ShutdownSignal @event) => IndexOf(@event) is >= 0 and var index ? _values[index] : null;

    public void Set(ShutdownSignal @event, T value)
    {
        var index = IndexOf(@event);
        if (index < 0)
        {
            index = Count;
            if (index == _events.Length)
            {
                Grow();
            }

            Count++;
        }

        _events[index] = @event;
        _values[index] = value;
    }

    public T? Remove(ShutdownSignal @event)
    {
        var index = IndexOf(@event);
        if (index < 0)
        {
            return null;
        }

        var removed = _values[index];
        Count--;
        _events[index] = _events[Count];
        _values[index] = _values[Count];
        _values[Count] = null!;
        return removed;
    }

    private int IndexOf(ShutdownSignal @event)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_events[i] == @event)
            {
                return i;
            }
        }

        return -1;
    }

    private void Grow()
    {
        var (events, values) = (new ShutdownSignal[2 * Count], new T[2 * Count]);
        Array.Copy(_events, events, Count);
        Array.Copy(_values, values, Count);
        (_events, _values) = (events, values);
    }
}
