using System.Reflection;

namespace SignalStreams.ProcessTests;

/// <summary>What to start, and how.</summary>
/// <param name="Command">The program and its arguments.</param>
internal sealed record ChildStart(params string[] Command)
{
    /// <summary>The program in tests/SignalStreams.TestProgram.</summary>
    public static string TestProgram => PathOf("TestProgram");

    /// <summary>The program in tests/SignalStreams.VoidMainProgram.</summary>
    public static string VoidMainProgram => PathOf("VoidMainProgram");

    /// <summary>A command that starts the program in its turn: <c>["nohup"]</c>, <c>["unshare", "-pf"]</c>.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    public ChildInput Input { get; init; }

    /// <summary>Environment variables beside those of the test runner.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>One of the classes in tests/SignalStreams.TestProgram/Scenarios.</summary>
    public static ChildStart Scenario(string name, params string[] arguments) => new([TestProgram, name, .. arguments]);

    /// <summary>One of the classes in tests/SignalStreams.HostProgram/Scenarios.</summary>
    public static ChildStart Host(string name, params string[] arguments) => new([PathOf("HostProgram"), name, .. arguments]);

    /// <summary>A prefix that hands the program some ignored signals, as a shell does.</summary>
    public static IReadOnlyList<string> Ignoring(params string[] signals) => ["sh", "-c", $"trap '' {string.Join(' ', signals)}; exec \"$0\" \"$@\""];

    public ChildProcess Run() => new(this);

    // Put there by the project file.
    private static string PathOf(string program) =>
        typeof(ChildStart).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == program).Value!;
}
