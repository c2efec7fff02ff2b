using System.Globalization;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>Who else is attached to the console: those whom a Ctrl-C reached as well, or one of whom made it.</summary>
internal static unsafe class ConsoleCompanions
{
    // As many as a line of a log bears.
    private const int Most = 4;

    /// <returns>"powershell (pid 12), make (pid 34)"; null when there is nobody, or the system does not tell.</returns>
    [SupportedOSPlatform("windows")]
    public static string? Describe()
    {
        var others = Array.FindAll(Read(List), id => id != (uint)Environment.ProcessId);
        return others.Length == 0 ? null
            : string.Join(", ", others.Take(Most).Select(Describe)) + (others.Length > Most ? string.Create(CultureInfo.InvariantCulture, $" and {others.Length - Most} more") : "");
    }

    /// <summary>Asks with as much room as it takes: with less the system stores nothing (GetConsoleProcessList, "Return value").</summary>
    /// <param name="list">Fills an array, and tells how many there are.</param>
    internal static uint[] Read(Func<uint[], uint> list)
    {
        var ids = new uint[64];
        while (true)
        {
            var count = list(ids);
            if (count <= ids.Length)
            {
                return ids[..(int)count];
            }

            ids = new uint[count];
        }
    }

    [SupportedOSPlatform("windows")]
    private static uint List(uint[] ids)
    {
        fixed (uint* first = ids)
        {
            return WindowsNative.GetConsoleProcessList(first, (uint)ids.Length);
        }
    }

    [SupportedOSPlatform("windows")]
    private static string Describe(uint id) => WindowsNative.NameOf(id) is { } name
        ? string.Create(CultureInfo.InvariantCulture, $"{name} (pid {id})")
        : string.Create(CultureInfo.InvariantCulture, $"pid {id}");
}
