namespace SignalStreams;

/// <summary>Why something was cancelled. A text becomes one by itself: <c>scope.Cancel("the window was closed")</c>.</summary>
/// <remarks>The hierarchy is open: derive a record of your own for a reason that carries data.</remarks>
public abstract record CancelReason
{
    /// <summary>Makes a reason of a text.</summary>
    public static implicit operator CancelReason(string text) => FromString(text);

    /// <summary>Makes a reason of a text.</summary>
    public static CancelReason FromString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TextCancelReason(text);
    }
}
