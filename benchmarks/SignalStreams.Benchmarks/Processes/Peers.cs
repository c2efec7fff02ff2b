using System.Reflection;

namespace SignalStreams.Benchmarks.Processes;

/// <summary>The programs that are measured side by side.</summary>
internal static class Peers
{
    /// <summary>The tool, as the release build has it.</summary>
    public static string Tool { get; } = Path.Combine(
        typeof(Peers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Programs").Value!, "SignalStreams.Tool", "release", "signalstreams");

    /// <summary>Those that run a child, with what comes before the child's own command; only those that are installed.</summary>
    public static IEnumerable<(string Name, string[] Command)> Runners() =>
        new (string Name, string[] Command)[]
        {
            ("tini", ["/usr/bin/tini", "-s", "--"]),
            ("dumb-init", ["/usr/bin/dumb-init"]),
            ("signalstreams run", [Tool, "run", "--"]),
        }.Where(peer => File.Exists(peer.Command[0]));
}
