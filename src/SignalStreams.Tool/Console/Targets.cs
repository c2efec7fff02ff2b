using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>What a process id on the command line stands for.</summary>
internal static class Targets
{
    /// <summary>Why no group can be named here; null where one can.</summary>
    public static string? WhyNoGroups => OperatingSystem.IsWindows() ? "--group: Windows tells nobody who belongs to a process group. Take --tree in its place." : null;

    public static ProcessTarget Create(ProcessTargetKind kind, int id) => kind switch
    {
        ProcessTargetKind.Group => ProcessTarget.Group(id),
        ProcessTargetKind.Tree => ProcessTarget.Tree(id),
        _ => ProcessTarget.Process(id),
    };

    public static string Describe(ProcessTargetKind kind, int id) => string.Create(CultureInfo.InvariantCulture, $"{kind switch
    {
        ProcessTargetKind.Group => "group",
        ProcessTargetKind.Tree => "the tree of process",
        _ => "process",
    }} {id}");
}
