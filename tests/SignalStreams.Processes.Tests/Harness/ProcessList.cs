using System.Globalization;

namespace SignalStreams.Processes.Tests;

/// <summary>Who is there, told apart from the library's own table.</summary>
internal static class ProcessList
{
    /// <summary>The ids of all that live; zombies do not.</summary>
    public static IReadOnlyList<int> Living() =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(id => StateOf(id) is not (null or 'Z' or 'X'))];

    /// <summary>The state letter of a process; null when there is none.</summary>
    public static char? StateOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The children of a process that have ended and were not reaped.</summary>
    public static int ZombiesOf(int parent) => Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])).Count(name =>
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{name}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" && fields[1] == parent.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false;
        }
    });

    /// <summary>How many descriptors this process has.</summary>
    public static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;
}
