namespace SignalStreams;

/// <summary>What a source knows of one signal at the moment of its arrival.</summary>
/// <param name="Event">The event of the platform; on Unix the signal.</param>
/// <param name="Timestamp">When the handler ran, in the timestamps of the hub's clock.</param>
/// <param name="Origin">Who sent it, where the source can tell.</param>
/// <param name="IsQueued">Whether the kernel queues it (a real-time signal), or it came with a value: it must not merge with another here.</param>
/// <param name="Count">More than 1 where the source itself had to merge repeats.</param>
internal readonly record struct SignalArrival(ShutdownSignal Event, long Timestamp, SignalOrigin Origin, bool IsQueued, int Count = 1);
