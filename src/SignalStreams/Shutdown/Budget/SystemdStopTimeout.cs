using System.Buffers;
using System.Globalization;

namespace SignalStreams;

/// <summary>Reads TimeoutStopSec of the unit that the process belongs to, out of the unit's files; see systemd.unit(5) and systemd.service(5).</summary>
/// <remarks>Files and no bus: it is read when a program starts, and often from a sandbox. What <c>systemctl set-property</c> changes while the unit runs is not seen.</remarks>
internal sealed class SystemdStopTimeout(string root)
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(90);

    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> EndOfUnit = SearchValues.Create("0123456789. ");

    // The later ones win.
    private static readonly string[] Directories = ["lib/systemd/system", "usr/lib/systemd/system", "usr/local/lib/systemd/system", "run/systemd/generator", "run/systemd/system", "etc/systemd/system", "run/systemd/transient"];

    /// <param name="timeout">Null for infinity.</param>
    /// <returns>False when the process belongs to no service whose files can be read.</returns>
    public bool Find(out TimeSpan? timeout)
    {
        timeout = null;
        try
        {
            if (Unit() is not { } unit)
            {
                return false;
            }

            string[] names = NamesOf(unit);
            if (names.SelectMany(name => Existing(directory => Path.Combine(directory, name)).TakeLast(1)).FirstOrDefault() is not { } file)
            {
                return false;
            }

            string[] files = [file, .. DropIns(names.Reverse().SelectMany(name => Existing(directory => Path.Combine(directory, $"{name}.d"))))];
            timeout = Last(files, "TimeoutStopSec", "TimeoutSec") is { Length: > 0 } setting ? Parse(setting) : ManagerDefault();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return false;
        }
    }

    // The last component that is a unit: "0::/system.slice/web.service", and under it whatever the service has made of its cgroup.
    private string? Unit() => File.ReadLines(Path.Combine(root, "proc/self/cgroup"))
        .SelectMany(line => line.Split('/'))
        .LastOrDefault(part => part.EndsWith(".service", StringComparison.Ordinal) || part.EndsWith(".scope", StringComparison.Ordinal)) is { } unit
        && unit.EndsWith(".service", StringComparison.Ordinal) ? unit : null;

    // An instance has the files of its template too, where it has none of its own: web@1.service, web@.service.
    private static string[] NamesOf(string unit)
    {
        var at = unit.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? [unit] : [unit, $"{unit[..(at + 1)]}.service"];
    }

    private IEnumerable<string> Existing(Func<string, string> path) =>
        Directories.Select(directory => Path.Combine(root, path(directory))).Where(Path.Exists);

    // In the order of their names, wherever they are; of two of one name that of the later directory counts.
    private static IEnumerable<string> DropIns(IEnumerable<string> directories) => directories
        .SelectMany(directory => Directory.EnumerateFiles(directory, "*.conf"))
        .GroupBy(Path.GetFileName)
        .OrderBy(files => files.Key, StringComparer.Ordinal)
        .Select(files => files.Last());

    private TimeSpan? ManagerDefault()
    {
        string[] directories = ["usr/lib/systemd", "lib/systemd", "run/systemd", "etc/systemd"];
        string[] files =
        [
            .. directories.Select(directory => Path.Combine(root, directory, "system.conf")).Where(File.Exists),
            .. DropIns(directories.Select(directory => Path.Combine(root, directory, "system.conf.d")).Where(Directory.Exists)),
        ];
        return Last(files, "DefaultTimeoutStopSec") is { Length: > 0 } value ? Parse(value) : Default;
    }

    // An empty one takes back what stood before.
    private static string? Last(IEnumerable<string> files, params string[] keys) => files
        .SelectMany(File.ReadLines)
        .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
        .LastOrDefault(parts => parts.Length == 2 && keys.Contains(parts[0]))?[1];

    /// <summary>systemd.time(7), as far as a service needs it: "90", "1min 30s", "infinity"; 0 means no limit.</summary>
    internal static TimeSpan? Parse(string text)
    {
        if (text == "infinity")
        {
            return null;
        }

        var total = 0.0;
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Number);
            digits = digits < 0 ? rest.Length : digits;
            if (digits == 0 || !double.TryParse(rest[..digits], CultureInfo.InvariantCulture, out var number))
            {
                throw new FormatException(text);
            }

            rest = rest[digits..].TrimStart();
            var letters = rest.IndexOfAny(EndOfUnit);
            letters = letters < 0 ? rest.Length : letters;
            total += number * Seconds(rest[..letters].ToString());
            rest = rest[letters..].TrimStart();
        }

        return total == 0 ? null : TimeSpan.FromSeconds(total);
    }

    private static double Seconds(string unit) => unit switch
    {
        "" or "s" or "sec" or "second" or "seconds" => 1,
        "ms" or "msec" => 1e-3,
        "us" or "usec" or "µs" => 1e-6,
        "m" or "min" or "minute" or "minutes" => 60,
        "h" or "hr" or "hour" or "hours" => 3600,
        "d" or "day" or "days" => 86_400,
        "w" or "week" or "weeks" => 604_800,
        _ => throw new FormatException(unit),
    };
}
