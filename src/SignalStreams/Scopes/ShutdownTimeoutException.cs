namespace SignalStreams;

/// <summary>A cancelled task group has given up waiting for children that do not end.</summary>
/// <remarks>They still run. A child that ignores its token can be ended only with the process.</remarks>
public sealed class ShutdownTimeoutException : TimeoutException
{
    /// <summary>Makes one without data, as every exception can be made.</summary>
    public ShutdownTimeoutException()
        : this("Tasks did not end in time.")
    {
    }

    /// <summary>Makes one with a text.</summary>
    public ShutdownTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a text and a cause.</summary>
    public ShutdownTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ShutdownTimeoutException(TimeSpan timeout, IReadOnlyList<RunningTask> tasks)
        : base($"{tasks.Count} of the group's tasks had not ended {timeout.TotalSeconds:0.###} s after it was cancelled, and still run: "
            + $"{string.Join(", ", tasks.Take(MaxNamed))}{(tasks.Count > MaxNamed ? ", ..." : "")}. Pass the token that each is given to everything that it waits for.") =>
        Tasks = tasks;

    private const int MaxNamed = 10;

    /// <summary>Who has not ended, and for how long it has been running; in the order in which they were started.</summary>
    public IReadOnlyList<RunningTask> Tasks { get; } = [];
}
