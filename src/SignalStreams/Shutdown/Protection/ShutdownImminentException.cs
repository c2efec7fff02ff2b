namespace SignalStreams;

/// <summary>The process has been asked to end: nothing new may begin.</summary>
public sealed class ShutdownImminentException : InvalidOperationException
{
    /// <summary>Makes one without data, as every exception can be made.</summary>
    public ShutdownImminentException()
        : this("The process is about to end.")
    {
    }

    /// <summary>Makes one with a text.</summary>
    public ShutdownImminentException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a text and a cause.</summary>
    public ShutdownImminentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ShutdownImminentException(string what, ShutdownState state, CancelReason? reason)
        : base($"{what} The shutdown is {state}{(reason is null ? "" : $": {reason}")}.")
    {
        State = state;
        Reason = reason;
    }

    /// <summary>How far the end is.</summary>
    public ShutdownState State { get; }

    /// <summary>Who asked for it; null at a normal end.</summary>
    public CancelReason? Reason { get; }
}
