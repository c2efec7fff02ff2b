namespace SignalStreams;

/// <summary>The handlers of one phase that wait for their turn. Used under the manager's gate.</summary>
internal sealed class ExitPhaseList(ExitPhase phase)
{
    private ExitHandlerRegistration? _first;
    private ExitHandlerRegistration? _last;

    public ExitPhase Phase { get; } = phase;

    public bool IsEmpty => _first is null;

    public void Add(ExitHandlerRegistration registration)
    {
        registration.List = this;
        registration.Previous = _last;
        if (_last is null)
        {
            _first = registration;
        }
        else
        {
            _last.Next = registration;
        }

        _last = registration;
    }

    public void Remove(ExitHandlerRegistration registration)
    {
        if (registration.Previous is { } previous)
        {
            previous.Next = registration.Next;
        }
        else
        {
            _first = registration.Next;
        }

        if (registration.Next is { } next)
        {
            next.Previous = registration.Previous;
        }
        else
        {
            _last = registration.Previous;
        }

        registration.Previous = registration.Next = null;
        registration.List = null;
    }

    public ExitHandlerRegistration? Take(ExitHandlerOrder order)
    {
        var taken = order == ExitHandlerOrder.LastRegisteredFirst ? _last : _first;
        if (taken is not null)
        {
            Remove(taken);
        }

        return taken;
    }
}
