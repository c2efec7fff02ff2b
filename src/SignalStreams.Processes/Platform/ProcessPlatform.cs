namespace SignalStreams;

/// <summary>Chooses the operating system's half.</summary>
internal static class ProcessPlatform
{
    /// <summary>The one of this system.</summary>
    public static IProcessPlatform Current { get; } = Choose();

    private static IProcessPlatform Choose() =>
        OperatingSystem.IsWindows()
            ? new WindowsProcessPlatform(new WindowsProcessApi())
            : new UnixProcessPlatform();
}
