using System.Reflection;

namespace SignalStreams.Benchmarks.Processes;

/// <summary>The programs that are measured side by side.</summary>
internal static class Peers
{
    private static readonly string Programs = typeof(Peers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Programs").Value!;

    /// <summary>The tool, as it is installed from its package (docs/benchmarks.md), which is compiled ahead; otherwise as the release build has it, which is not.</summary>
    public static string Tool { get; } = new[] { Path.Combine(Programs, "..", "tool", "signalstreams"), Path.Combine(Programs, "SignalStreams.Tool", "release", "signalstreams") }
        .First(File.Exists);

    /// <summary>Those that run a child, with what comes before the child's own command; only those that are installed.</summary>
    public static IEnumerable<(string Name, string[] Command)> Runners() =>
        new (string Name, string[] Command)[]
        {
            ("tini", ["/usr/bin/tini", "-s", "--"]),
            ("dumb-init", ["/usr/bin/dumb-init"]),
            ("signalstreams run", [Tool, "run", "--"]),
        }.Where(peer => File.Exists(peer.Command[0]));
}
