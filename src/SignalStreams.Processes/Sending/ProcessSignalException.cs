namespace SignalStreams;

/// <summary>A signal that could not be sent to another process; says which, to whom, and why.</summary>
public sealed class ProcessSignalException : InvalidOperationException
{
    /// <summary>For serializers and analyzers; says nothing.</summary>
    public ProcessSignalException()
    {
    }

    /// <summary>With a message only.</summary>
    public ProcessSignalException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ProcessSignalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ProcessSignalException(string message, ProcessTarget target, ShutdownSignal signal, SendOutcome outcome)
        : base(message)
    {
        Target = target;
        Signal = signal;
        Outcome = outcome;
    }

    /// <summary>To whom it was sent.</summary>
    public ProcessTarget? Target { get; }

    /// <summary>What was sent.</summary>
    public ShutdownSignal Signal { get; }

    /// <summary>Why it did not arrive.</summary>
    public SendOutcome Outcome { get; }
}
