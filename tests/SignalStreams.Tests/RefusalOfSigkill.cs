namespace SignalStreams.Tests;

/// <summary>What is thrown at those who would listen to SIGKILL: where there is one, no process may; Windows has none.</summary>
internal static class RefusalOfSigkill
{
    public static Exception Of(Action action) =>
        OperatingSystem.IsWindows() ? Assert.Throws<PlatformNotSupportedException>(action) : Assert.Throws<ArgumentException>(action);
}
