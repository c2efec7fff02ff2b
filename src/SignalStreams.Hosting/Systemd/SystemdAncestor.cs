using System.Globalization;

namespace SignalStreams;

/// <summary>Looks up the line of processes that this one comes from.</summary>
internal static class SystemdAncestor
{
    // Far more than there are; processes end and their ids are given away while we look.
    private const int Generations = 64;

    /// <summary>Whether a process is above this one, as /proc shows them: one outside of our container is not.</summary>
    public static bool Find(int ancestor)
    {
        try
        {
            var process = Environment.ProcessId;
            for (var generation = 0; generation < Generations && process > 1; generation++)
            {
                process = ParentOf(process);
                if (process == ancestor)
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // It has ended, or /proc is not for us.
        }

        return false;
    }

    // proc_pid_stat(5): "id (name) state parent ...". The name may have brackets and spaces of its own.
    private static int ParentOf(int process)
    {
        var line = File.ReadAllText($"/proc/{process}/stat");
        var fields = line.AsSpan(line.LastIndexOf(')') + 1).Trim();
        fields = fields[(fields.IndexOf(' ') + 1)..];
        return int.Parse(fields[..fields.IndexOf(' ')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
