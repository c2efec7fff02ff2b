namespace SignalStreams;

/// <summary>What became of a copy in a listener's buffer.</summary>
internal enum RecordOutcome
{
    Recorded,
    Coalesced,
    Lost,
}
