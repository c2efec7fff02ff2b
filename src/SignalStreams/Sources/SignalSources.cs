namespace SignalStreams;

/// <summary>The one place where the platform's source is chosen.</summary>
internal static class SignalSources
{
    public static ISignalSource ForThisPlatform(TimeProvider time, IProcessExit exit) =>
        OperatingSystem.IsWindows() ? new WindowsConsoleSource(time, exit) : new PortableUnixSource(time);
}
