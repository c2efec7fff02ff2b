namespace SignalStreams;

/// <summary>Somebody cancelled, and said why.</summary>
/// <param name="Text">What they said.</param>
public sealed record TextCancelReason(string Text) : CancelReason
{
    internal static TextCancelReason None { get; } = new("no reason was given");

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
