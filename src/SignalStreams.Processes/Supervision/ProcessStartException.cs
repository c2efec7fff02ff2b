using System.ComponentModel;

namespace SignalStreams;

/// <summary>A child that could not be started; the message says what is missing, and what to do.</summary>
public sealed class ProcessStartException : Win32Exception
{
    /// <summary>For serializers and analyzers; says nothing.</summary>
    public ProcessStartException()
    {
    }

    /// <summary>With a message only.</summary>
    public ProcessStartException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ProcessStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ProcessStartException(int error, string message, string fileName)
        : base(error, message) => FileName = fileName;

    /// <summary>The program.</summary>
    public string? FileName { get; }

    /// <summary>Where the lookup failed, for those who have remedies of their own.</summary>
    internal StartPlace Place { get; init; }

    /// <summary>What is wrong, without a remedy and a full stop; null where the message does not part them.</summary>
    internal string? Problem { get; init; }
}
