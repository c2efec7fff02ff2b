namespace SignalStreams;

/// <summary>What a request finds of the stop of the host that serves it.</summary>
internal interface IDrainingFeature
{
    /// <summary>Cancelled at the signal.</summary>
    CancellationToken DrainingToken { get; }
}
