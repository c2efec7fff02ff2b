using System.Globalization;
using System.Text;

namespace SignalStreams;

/// <summary>Whether a control group can be made below the one that this process is in (cgroups(7), version 2), and where.</summary>
/// <remarks>Tried once. It takes a kernel with cgroup.kill (5.14), and a group that is ours to write: root's, a container's own, or one that systemd has
/// delegated (Delegate=yes).</remarks>
internal static class ControlGroups
{
    private const string Prefix = "signalstreams-";

    private static readonly Lazy<string?> Folder = new(FindWritable);

    // Somebody else of our id may be in another namespace, and have the same folder.
    private static readonly Lazy<string> Namespace = new(ReadNamespace);
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
            group = ControlGroup.TryMake(Path.Combine(folder, NameOf(Environment.ProcessId, Interlocked.Increment(ref Count).ToString(CultureInfo.InvariantCulture))));
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

            using var probe = ControlGroup.TryMake(Path.Combine(folder, NameOf(Environment.ProcessId, Guid.NewGuid().ToString("N"))));
            if (probe is null)
            {
                return null;
            }

            RemoveLeft(folder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The name of a group: whose it is, which of his, and in which namespace his id is his.</summary>
    internal static string NameOf(int owner, string number) => FormattableString.Invariant($"{Prefix}{owner}-{number}-{Namespace.Value}");

    /// <summary>Removes the groups of owners that are gone: for a moment after the end of the last member the kernel does not let go of it, and an owner
    /// that ends then leaves it behind. The kernel refuses where somebody is in one still.</summary>
    internal static void RemoveLeft(string folder)
    {
        if (Namespace.Value.Length == 0)
        {
            return;
        }

        foreach (var path in Directory.EnumerateDirectories(folder, Prefix + "*"))
        {
            var parts = Path.GetFileName(path).Split('-');
            if (parts.Length == 4 && parts[3] == Namespace.Value && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var owner)
                && !UnixCalls.Exists(owner))
            {
                _ = ControlGroup.TryRemove(path);
            }
        }
    }

    // "pid:[4026531836]" (namespaces(7)); nothing where it cannot be read.
    private static string ReadNamespace()
    {
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget is { } link && link.StartsWith("pid:[", StringComparison.Ordinal) ? link[5..^1] : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
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
