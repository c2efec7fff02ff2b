namespace SignalStreams;

/// <summary>The process has been asked to end: nothing new may begin. A loop that enters a block for each item ends for it.</summary>
/// <remarks>Where nobody catches it, it is no failure of the process; see <see cref="ShutdownRequestedException"/>.</remarks>
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

    internal ShutdownImminentException(string what, ShutdownState state, string? reason)
        : base($"{what} The process {(reason is null ? "ends: its main function has returned" : $"was asked to end: {reason}")}; its shutdown is at {state}.") => State = state;

    /// <summary>How far the end is.</summary>
    public ShutdownState State { get; }
}
