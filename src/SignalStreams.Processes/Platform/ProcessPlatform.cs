namespace SignalStreams;

/// <summary>Chooses the operating system's half.</summary>
internal static class ProcessPlatform
{
    /// <summary>The one of this system.</summary>
    public static IProcessPlatform Current { get; } = Choose();

    // CA1859: it becomes one of two.
#pragma warning disable CA1859
    private static IProcessPlatform Choose() =>
        OperatingSystem.IsWindows()
            ? throw new PlatformNotSupportedException("This build of SignalStreams.Processes has no Windows half.")
            : new UnixProcessPlatform();
#pragma warning restore CA1859
}
