namespace SignalStreams;

/// <summary>All exit handlers that wait for their turn, by phase. Used under the manager's gate.</summary>
internal sealed class ExitHandlerList
{
    private readonly ExitPhaseList _default = new(ExitPhase.Default);
    private SortedDictionary<ExitPhase, ExitPhaseList>? _others;

    public bool IsEmpty => First() is null;

    /// <returns>The phase of this name that there is already, if it is another: then nothing is added.</returns>
    public ExitPhase? Add(ExitHandlerRegistration registration)
    {
        var list = ListOf(registration.Phase, out var conflict);
        list?.Add(registration);
        return conflict;
    }

    public static ArgumentException Conflict(ExitPhase known, ExitPhase phase) =>
        new($"There is an exit phase {known} already, and this one is {phase}. Use one ExitPhase for all handlers of a phase.", nameof(phase));

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

    private ExitPhaseList? ListOf(ExitPhase phase, out ExitPhase? conflict)
    {
        conflict = null;
        if (phase == ExitPhase.Default)
        {
            return _default;
        }

        _others ??= [];
        if (_others.TryGetValue(phase, out var list) && list.Phase == phase)
        {
            return list;
        }

        // Two orders, or two limits, under one name are a mistake that would show only at the end of the process.
        conflict = phase.Name == ExitPhase.Default.Name ? ExitPhase.Default : _others.Keys.FirstOrDefault(known => known.Name == phase.Name);
        if (conflict is not null)
        {
            return null;
        }

        list = new ExitPhaseList(phase);
        _others.Add(phase, list);
        return list;
    }
}
