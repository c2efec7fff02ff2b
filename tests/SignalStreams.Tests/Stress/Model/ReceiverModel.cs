namespace SignalStreams.Tests.Stress.Model;

/// <summary>What a receiver is to do, on one thread and without haste.</summary>
internal sealed class ReceiverModel(SignalReceiverOptions options, SignalReceiver real)
{
    private bool _reloads;

    public SignalReceiver Real { get; } = real;

    public SignalReceiverOptions Options { get; } = options;

    public List<InterestModel> Interests { get; } = [];

    public List<PendingModel> Pending { get; } = [];

    public List<ReadModel> Waiting { get; } = [];

    public ShutdownSignal? EndsBecauseOf { get; private set; }

    public bool IsClosed { get; set; }

    public long Coalesced { get; private set; }

    public long Lost { get; private set; }

    public void Record(InterestModel interest, long sequence, bool isQueued)
    {
        var ofSort = Pending.Where(pending => pending.IsQueued == isQueued).ToList();
        var sameKind = ofSort.Find(pending => pending.Interest == interest);
        if (isQueued && sameKind is not null && ofSort.Count >= Options.QueuedCapacity)
        {
            Lost++;
        }
        else if (!isQueued && sameKind is not null && (Options.Coalesce || ofSort.Count >= Options.Capacity))
        {
            sameKind.Count++;
            Coalesced++;
        }
        else
        {
            Pending.Add(new PendingModel(interest, sequence, isQueued));
        }
    }

    public PendingModel? Read()
    {
        if (IsClosed || Pending.Count == 0)
        {
            return null;
        }

        var first = Pending[0];
        Pending.RemoveAt(0);
        EndsBecauseOf ??= AsksToEnd(first) ? first.Interest.Signal : null;
        return first;
    }

    /// <summary>Somebody asks for the next signal: he has reloaded at a SIGHUP, if that was the last one.</summary>
    public void Ask()
    {
        if (EndsBecauseOf == SIGHUP)
        {
            EndsBecauseOf = null;
            _reloads = true;
        }
    }

    /// <summary>The signal to raise again when it closes.</summary>
    public ShutdownSignal? Unread() => EndsBecauseOf is not null || Options.Unread == UnreadSignals.Drop ? null
        : Pending.Find(pending => AsksToEnd(pending) && !pending.Interest.IsLeftToOthers(pending.Sequence))?.Interest.Signal;

    private bool AsksToEnd(PendingModel pending) => ShutdownSignals.Terminating.Contains(pending.Interest.Signal) && !(pending.Interest.Signal == SIGHUP && _reloads);
}
