using System.Globalization;
using System.Text;

namespace SignalStreams.Tool;

/// <summary>Makes file names of the names of launches and tasks, which may be anything.</summary>
internal static class LogNames
{
    // With a number and ".stderr.log" still below the 255 bytes that file systems take.
    private const int MostBytes = 200;
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

    /// <summary>A name that stays in its folder, on every system.</summary>
    public static string Of(string name)
    {
        var safe = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            var text = Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '_' or '.' ? rune.ToString() : "_";
            if (Encoding.UTF8.GetByteCount(safe.ToString()) + Encoding.UTF8.GetByteCount(text) > MostBytes)
            {
                break;
            }

            safe.Append(text);
        }

        // Neither hidden nor "..", and no blank or dot at the end, which Windows drops.
        var result = safe.ToString().TrimEnd(' ', '.').TrimStart(' ');
        result = result.Length == 0 ? "_" : result[0] == '.' ? $"_{result[1..]}" : result;
        var stem = result.Split('.')[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return Devices.Contains(stem, StringComparer.OrdinalIgnoreCase) ? $"_{result}" : result;
    }

    /// <summary>File names for all of these, none of which is another one's, upper and lower case alike.</summary>
    public static IReadOnlyDictionary<string, string> OfAll(IEnumerable<string> names)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, string> result = new(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var safe = Of(name);
            var candidate = safe;

            // "a.stderr" would write to the file of standard error of "a".
            for (var number = 2; taken.Contains(candidate) || taken.Contains(candidate + ".stderr"); number++)
            {
                candidate = string.Create(CultureInfo.InvariantCulture, $"{safe}-{number}");
            }

            taken.Add(candidate);
            taken.Add(candidate + ".stderr");
            result[name] = candidate;
        }

        return result;
    }
}
