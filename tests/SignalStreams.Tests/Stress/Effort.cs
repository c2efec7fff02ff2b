namespace SignalStreams.Tests.Stress;

/// <summary>How often a race is run.</summary>
internal static class Effort
{
    /// <summary>So often; a share of it on Windows, where the same code has the same races and, under Wine, each wake-up of a thread goes through another process.</summary>
    public static int Of(int count, int share = 10) => OperatingSystem.IsWindows() ? count / share : count;
}
