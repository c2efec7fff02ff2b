namespace SignalStreams;

/// <summary>What is left to do about a signal that was taken from the ring and recorded.</summary>
/// <param name="IsForwarded">Whether other owners of it are to have it too.</param>
/// <param name="Wake">Who is to be woken.</param>
internal readonly record struct RelayTaken(bool IsForwarded, SignalListener? Wake);
