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
        const int Room = 64;
        var ids = stackalloc uint[Room];
        var count = WindowsNative.GetConsoleProcessList(ids, Room);
        List<string> companions = [];
        for (var i = 0; i < Math.Min(count, Room); i++)
        {
            if (ids[i] != (uint)Environment.ProcessId)
            {
                companions.Add(Describe(ids[i]));
            }
        }

        return companions.Count == 0 ? null
            : string.Join(", ", companions.Take(Most)) + (companions.Count > Most ? string.Create(CultureInfo.InvariantCulture, $" and {companions.Count - Most} more") : "");
    }

    [SupportedOSPlatform("windows")]
    private static string Describe(uint id) => WindowsNative.NameOf(id) is { } name
        ? string.Create(CultureInfo.InvariantCulture, $"{name} (pid {id})")
        : string.Create(CultureInfo.InvariantCulture, $"pid {id}");
}
