using System.Text.RegularExpressions;

namespace SignalStreams.Tool;

/// <summary>What makes a task ready.</summary>
internal abstract record ReadyCondition
{
    /// <summary>Somebody listens on the port.</summary>
    internal sealed record Tcp(string Host, int Port) : ReadyCondition
    {
        public override string ToString() => $"tcp {Host}:{Port}";
    }

    /// <summary>There is such a file.</summary>
    internal sealed record File(string Path) : ReadyCondition
    {
        public override string ToString() => $"file {Path}";
    }

    /// <summary>It has written a line that matches.</summary>
    internal sealed record Line(Regex Pattern) : ReadyCondition
    {
        public override string ToString() => $"line {Pattern}";
    }

    /// <summary>It has run for so long.</summary>
    internal sealed record Delay(TimeSpan Time) : ReadyCondition
    {
        public override string ToString() => $"delay {Durations.Format(Time)}";
    }

    /// <summary>This command ends with code 0; it is tried again until it does.</summary>
    internal sealed record Command(string FileName, IReadOnlyList<string> Arguments) : ReadyCondition
    {
        public override string ToString() => $"command {System.IO.Path.GetFileName(FileName)}";
    }
}
