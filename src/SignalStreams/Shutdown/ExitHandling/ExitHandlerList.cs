namespace SignalStreams;

/// <summary>All exit handlers that wait for their turn, by phase. Used under the manager's gate.</summary>
internal sealed class ExitHandlerList
{
    private readonly ExitPhaseList _default = new(ExitPhase.Default);
    private SortedDictionary<ExitPhase, ExitPhaseList>? _others;

    public bool IsEmpty => First() is null;

    /// <exception cref="ArgumentException">There is a phase of this name already, and it is another.</exception>
    public void Add(ExitHandlerRegistration registration) => ListOf(registration.Phase).Add(registration);

    /// <summary>Takes the one whose turn it is.</summary>
    public ExitHandlerRegistration? Take(ExitHandlerOrder order) => First()?.Take(order);

    /// <summary>Takes one of a phase.</summary>
    public ExitHandlerRegistration? Take(ExitPhase phase, ExitHandlerOrder order) =>
        phase == ExitPhase.Default ? _default.Take(order) : _others?.GetValueOrDefault(phase)?.Take(order);

    private ExitPhaseList? First()
    {
        if (_others is not null)
        {
            foreach (var list in _others.Values)
            {
                if (!_default.IsEmpty && _default.Phase < list.Phase)
                {
                    return _default;
                }

                if (!list.IsEmpty)
                {
                    return list;
                }
            }
        }

        return _default.IsEmpty ? null : _default;
    }

    private ExitPhaseList ListOf(ExitPhase phase)
    {
        if (phase == ExitPhase.Default)
        {
            return _default;
        }

        _others ??= [];
        if (_others.TryGetValue(phase, out var list))
        {
            return list.Phase == phase ? list : throw Conflict(list.Phase, phase);
        }

        // Two orders, or two limits, under one name are a mistake that would show only at the end of the process.
        if ((phase.Name == ExitPhase.Default.Name ? _default.Phase : _others.Keys.FirstOrDefault(known => known.Name == phase.Name)) is { } known)
        {
            throw Conflict(known, phase);
        }

        list = new ExitPhaseList(phase);
        _others.Add(phase, list);
        return list;
    }

    private static ArgumentException Conflict(ExitPhase known, ExitPhase phase) =>
        new($"There is an exit phase {known} already, and this one is {phase}. Use one ExitPhase for all handlers of a phase.", nameof(phase));
}
