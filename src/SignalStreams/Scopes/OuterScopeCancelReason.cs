namespace SignalStreams;

/// <summary>The scope around it was cancelled.</summary>
/// <param name="Outer">Why that one was.</param>
public sealed record OuterScopeCancelReason(CancelReason Outer) : CancelReason
{
    /// <summary>The reason at the bottom: why the outermost cancelled scope was cancelled.</summary>
    public CancelReason Root
    {
        get
        {
            var reason = Outer;
            while (reason is OuterScopeCancelReason further)
            {
                reason = further.Outer;
            }

            return reason;
        }
    }

    /// <summary>Whether both have the same root. (Not member for member: scopes may be thousands deep.)</summary>
    public bool Equals(OuterScopeCancelReason? other) => other is not null && Root.Equals(other.Root);

    /// <summary>A hash of the root.</summary>
    public override int GetHashCode() => Root.GetHashCode();

    /// <summary>A sentence for a log.</summary>
    public override string ToString() => $"the scope around it was cancelled: {Root}";
}
