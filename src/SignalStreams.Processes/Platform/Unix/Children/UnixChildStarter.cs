namespace SignalStreams;

/// <summary>Starts children on Unix.</summary>
internal static class UnixChildStarter
{
    /// <summary>Starts one.</summary>
    public static IStartedChild Start(ChildStart start) => throw new NotSupportedException($"'{start.FileName}' cannot be started: children are not supported here yet.");
}
