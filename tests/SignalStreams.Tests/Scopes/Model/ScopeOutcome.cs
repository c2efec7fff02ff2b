namespace SignalStreams.Tests.Scopes.Model;

internal enum ScopeOutcome
{
    Done,
    Cancelled,
    Failed,
}
