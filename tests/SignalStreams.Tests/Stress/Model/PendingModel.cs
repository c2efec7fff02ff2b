namespace SignalStreams.Tests.Stress.Model;

/// <summary>A delivery that waits to be read.</summary>
internal sealed class PendingModel(InterestModel interest, long sequence, bool isQueued)
{
    public InterestModel Interest { get; } = interest;

    public long Sequence { get; } = sequence;

    public bool IsQueued { get; } = isQueued;

    public int Count { get; set; } = 1;
}
