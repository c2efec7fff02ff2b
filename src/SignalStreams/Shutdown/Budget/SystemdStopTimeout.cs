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
    private static readonly string[] Directories = ["usr/lib/systemd/system", "lib/systemd/system", "run/systemd/system", "etc/systemd/system", "run/systemd/transient"];

    /// <param name="timeout">Null for infinity.</param>
    /// <returns>False when the process belongs to no service whose files can be read.</returns>
    public bool Find(out TimeSpan? timeout)
    {
        timeout = null;
        try
        {
            if (Unit() is not { } unit || Directories.LastOrDefault(directory => File.Exists(Path.Combine(root, directory, unit))) is not { } home)
            {
                return false;
            }

            string[] own = [Path.Combine(root, home, unit), .. DropIns(unit)];
            timeout = own.SelectMany(Settings).LastOrDefault() is { } setting ? Parse(setting) : ManagerDefault();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return false;
        }
    }

    // The last component that is a service: "0::/system.slice/web.service", and under it whatever the service has made of its cgroup.
    private string? Unit() => File.ReadLines(Path.Combine(root, "proc/self/cgroup"))
        .SelectMany(line => line.Split('/'))
        .LastOrDefault(part => part.EndsWith(".service", StringComparison.Ordinal));

    private IEnumerable<string> DropIns(string unit)
    {
        // An instance has those of its template too: web@1.service, web@.service.
        var at = unit.IndexOf('@', StringComparison.Ordinal);
        string[] names = at < 0 ? [unit] : [$"{unit[..(at + 1)]}.service", unit];
        return Directories
            .SelectMany(directory => names.Select(name => Path.Combine(root, directory, $"{name}.d")))
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*.conf"))
            .OrderBy(Path.GetFileName, StringComparer.Ordinal);
    }

    private TimeSpan? ManagerDefault()
    {
        string[] files = [Path.Combine(root, "usr/lib/systemd/system.conf"), Path.Combine(root, "etc/systemd/system.conf")];
        return files.Where(File.Exists).SelectMany(File.ReadLines).Select(line => ValueOf(line, "DefaultTimeoutStopSec")).LastOrDefault(value => value is not null) is { } value
            ? Parse(value)
            : Default;
    }

    private static IEnumerable<string> Settings(string file) =>
        File.ReadLines(file).Select(line => ValueOf(line, "TimeoutStopSec") ?? ValueOf(line, "TimeoutSec")).OfType<string>();

    private static string? ValueOf(string line, string key)
    {
        var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && parts[0] == key && parts[1].Length > 0 ? parts[1] : null;
    }

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
