namespace SignalStreams;

/// <summary>Chooses the operating system's half.</summary>
internal static class ProcessPlatform
{
    /// <summary>The one of this system.</summary>
    public static IProcessPlatform Current => throw new NotSupportedException();
}
