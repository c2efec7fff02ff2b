namespace SignalStreams.Tool;

/// <summary>Nobody reads what is written any more: <c>head</c> has what it wanted, or the terminal is closed.</summary>
internal sealed class ClosedOutputException : IOException
{
    public ClosedOutputException()
        : base("Nobody reads the output any more.")
    {
    }

    public ClosedOutputException(string message)
        : base(message)
    {
    }

    public ClosedOutputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
