namespace SignalStreams.Tests.Scopes.Model;

/// <summary>One thing that happens in a tree of scopes and groups; the choices select among what is there.</summary>
public sealed record ScopeMove(ScopeMoveKind Kind, byte Which, byte Choice)
{
    public bool IsGroup => Choice % 2 == 1;

    public bool IsStubborn => Choice / 2 % 3 == 2;

    public bool IsShielded => Choice / 8 % 4 == 3;
}
