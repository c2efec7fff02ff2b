using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>This process and those that it descends from.</summary>
internal static class OwnAncestors
{
    public static bool Contains(int id)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsOwnProcesses.Find(new WindowsProcessApi()).Any(own => own.Id == id);
        }

        for (var own = Environment.ProcessId; own > 0; own = ParentOf(own))
        {
            if (own == id)
            {
                return true;
            }
        }

        return false;
    }

    // proc_pid_status(5); elsewhere the parent is not known.
    private static int ParentOf(int id)
    {
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status")).FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal));
            return int.TryParse(line.AsSpan()["PPid:".Length..], CultureInfo.InvariantCulture, out var parent) ? parent : 0;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return 0;
        }
    }
}
