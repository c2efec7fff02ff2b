namespace SignalStreams.Tests.Scopes.Model;

/// <summary>One thing that happens in a tree of scopes and groups; the choices select among what is there.</summary>
public sealed record ScopeMove(ScopeMoveKind Kind, byte Which, byte Choice)
{
    /// <summary>What happens: more is opened than ended, and the root seldom ends, or the trees would stay small.</summary>
    public ScopeMoveKind KindFor(bool isRoot) => Choice % 3 == 0 || (isRoot && Kind <= ScopeMoveKind.Cancel && Choice % 16 != 1) ? ScopeMoveKind.Open : Kind;

    public bool IsGroup => Choice % 2 == 1;

    public bool IsStubborn => Choice / 2 % 3 == 2;

    public bool IsShielded => Choice / 8 % 4 == 3;
}
