namespace SignalStreams;

/// <summary>A cancellation that is not a scope's own and that no scope takes for it: an error like any other on its way out.</summary>
internal interface IPassesScopes
{
}
