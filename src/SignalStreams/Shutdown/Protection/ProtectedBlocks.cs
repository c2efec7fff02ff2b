namespace SignalStreams;

/// <summary>The protected blocks that are active. Used under the manager's gate.</summary>
internal sealed class ProtectedBlocks
{
    private ShutdownProtection? _first;

    public bool Any => _first is not null;

    /// <summary>The latest deadline over all of them.</summary>
    public Deadline Latest => All().Max(block => block.Deadline);

    /// <summary>Whether one of those that belong to the end has time left.</summary>
    public bool AnyAtExit(TimeProvider time) => All().Any(block => block.IsLate && !block.Deadline.HasPassed(time));

    public IEnumerable<ShutdownProtection> All()
    {
        for (var block = _first; block is not null; block = block.Next)
        {
            yield return block;
        }
    }

    public void Add(ShutdownProtection block)
    {
        block.Next = _first;
        if (_first is not null)
        {
            _first.Previous = block;
        }

        _first = block;
    }

    public void Remove(ShutdownProtection block)
    {
        if (block.Previous is { } previous)
        {
            previous.Next = block.Next;
        }
        else
        {
            _first = block.Next;
        }

        if (block.Next is { } next)
        {
            next.Previous = block.Previous;
        }

        block.Previous = block.Next = null;
    }
}
