using System.Text;

namespace SignalStreams;

/// <summary>Whether a control group can be made below the one that this process is in (cgroups(7), version 2), and where.</summary>
/// <remarks>Tried once. It takes a kernel with cgroup.kill (5.14), and a group that is ours to write: root's, a container's own, or one that systemd has
/// delegated (Delegate=yes).</remarks>
internal static class ControlGroups
{
    private static readonly Lazy<string?> Folder = new(FindWritable);
    private static int Count;

    /// <summary>For tests: as where there are none.</summary>
    internal static bool IsForbidden { get; set; }

    /// <summary>Where groups can be made; null where they cannot.</summary>
    internal static string? Writable => OperatingSystem.IsLinux() ? Folder.Value : null;

    /// <summary>Makes a group for one child; null where that cannot be done.</summary>
    public static ControlGroup? TryMake()
    {
        if (IsForbidden || Writable is not { } folder)
        {
            return null;
        }

        const int Attempts = 100;
        ControlGroup? group = null;
        for (var i = 0; i < Attempts && group is null; i++)
        {
            group = ControlGroup.TryMake(Path.Combine(folder, FormattableString.Invariant($"signalstreams-{Environment.ProcessId}-{Interlocked.Increment(ref Count)}")));
        }

        return group;
    }

    /// <summary>The folder of our own group, by what the kernel says of mounts and groups; null where there is none.</summary>
    internal static string? Find(IEnumerable<string> mounts, IEnumerable<string> groups)
    {
        // "0::/user.slice/..."; a version 1 hierarchy has another number.
        var own = groups.FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
        if (own is null || own.StartsWith("/..", StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var line in mounts)
        {
            // "41 31 0:38 ROOT MOUNT-POINT rw,relatime - cgroup2 cgroup2 rw" (proc_pid_mountinfo(5)).
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash < 5 || dash + 1 >= fields.Length || fields[dash + 1] != "cgroup2")
            {
                continue;
            }

            var root = Unescape(fields[3]);
            var mountPoint = Unescape(fields[4]);
            if (root == "/")
            {
                return mountPoint + own.TrimEnd('/');
            }

            if (own == root || own.StartsWith(root + "/", StringComparison.Ordinal))
            {
                return mountPoint + own[root.Length..];
            }
        }

        return null;
    }

    private static string? FindWritable()
    {
        try
        {
            if (Find(File.ReadLines("/proc/self/mountinfo"), File.ReadLines("/proc/self/cgroup")) is not { } folder)
            {
                return null;
            }

            using var probe = ControlGroup.TryMake(Path.Combine(folder, FormattableString.Invariant($"signalstreams-{Environment.ProcessId}-{Guid.NewGuid():N}")));
            return probe is null ? null : folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A blank is "\040" there.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var bytes = new List<byte>();
        var raw = Encoding.UTF8.GetBytes(field);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\' && i + 3 < raw.Length)
            {
                bytes.Add((byte)(((raw[i + 1] - '0') * 64) + ((raw[i + 2] - '0') * 8) + (raw[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.Add(raw[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
