namespace SignalStreams;

/// <summary>A process ended with a code other than 0, or by a signal.</summary>
public sealed class ProcessFailedException : Exception
{
    /// <summary>For serializers and analyzers; says nothing.</summary>
    public ProcessFailedException()
    {
    }

    /// <summary>With a message only.</summary>
    public ProcessFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ProcessFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ProcessFailedException(string name, ProcessExitStatus exitStatus)
        : base(exitStatus.Signal is null
            ? $"'{name}' failed: it ended with {exitStatus}. What it wrote to standard error says why."
            : $"'{name}' failed: {exitStatus} ended it.")
    {
        Name = name;
        ExitStatus = exitStatus;
    }

    /// <summary>What the process is called.</summary>
    public string? Name { get; }

    /// <summary>How it ended.</summary>
    public ProcessExitStatus ExitStatus { get; }
}
