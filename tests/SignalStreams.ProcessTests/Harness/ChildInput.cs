namespace SignalStreams.ProcessTests;

/// <summary>What a child process gets as standard input.</summary>
internal enum ChildInput
{
    /// <summary>/dev/null.</summary>
    Nothing,

    /// <summary>A pipe that <see cref="ChildProcess.Type"/> writes to.</summary>
    Pipe,

    /// <summary>A terminal of its own, which is its output too: the child leads a new session in the foreground of it.</summary>
    Terminal,
}
