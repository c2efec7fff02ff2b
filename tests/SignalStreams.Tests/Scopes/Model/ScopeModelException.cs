namespace SignalStreams.Tests.Scopes.Model;

internal sealed class ScopeModelException(int number) : Exception($"failure {number}")
{
    public int Number => number;
}
