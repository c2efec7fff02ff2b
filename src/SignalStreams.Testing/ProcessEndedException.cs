namespace SignalStreams.Testing;

/// <summary>Thrown out of <see cref="SignalHub.ExitBySignal"/> of a test's hub, which in production does not return.</summary>
public sealed class ProcessEndedException : Exception
{
    /// <summary>Makes an exception without an end.</summary>
    public ProcessEndedException()
    {
    }

    /// <summary>Makes an exception without an end.</summary>
    public ProcessEndedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception without an end.</summary>
    public ProcessEndedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ProcessEndedException(TestProcessEnd end)
        : base($"The process would have ended here by {end.Signal?.GetName()}. Expect this exception where the code under test calls ExitBySignal.") => End = end;

    /// <summary>How the process would have ended.</summary>
    public TestProcessEnd? End { get; }
}
