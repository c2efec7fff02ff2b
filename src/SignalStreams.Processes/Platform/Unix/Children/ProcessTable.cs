using System.Globalization;
using System.Text;

namespace SignalStreams;

/// <summary>Who runs now, and who descends from whom. Empty where there is no /proc.</summary>
internal static unsafe class ProcessTable
{
    private const int CloseOnExec = 0x80000;
    private const int StatFields = 20; // from the state on

    /// <summary>All processes that can be seen.</summary>
    public static List<ProcessEntry> Read()
    {
        var entries = new List<ProcessEntry>();
        if (!OperatingSystem.IsLinux())
        {
            return entries;
        }

        foreach (var path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(path.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>One process; null when there is none of that id.</summary>
    public static ProcessEntry? Read(int id)
    {
        // Not through a stream: whoever is looked at may be gone, and that is no exception here.
        var file = OperatingSystem.IsLinux() ? ChildCalls.Open(FormattableString.Invariant($"/proc/{id}/stat"), CloseOnExec) : -1;
        if (file < 0)
        {
            return null;
        }

        const int Size = 1024;
        var bytes = stackalloc byte[Size];
        var length = ChildCalls.Read(file, bytes, Size);
        _ = ChildCalls.Close(file);
        return length > 0 ? Parse(id, new ReadOnlySpan<byte>(bytes, (int)length)) : null;
    }

    /// <summary>Those who descend from a process, the process itself not among them; children before their parents.</summary>
    public static List<ProcessEntry> Descendants(IReadOnlyList<ProcessEntry> all, int root)
    {
        var children = all.ToLookup(entry => entry.Parent);
        var found = new List<ProcessEntry>();
        var seen = new HashSet<int> { root };
        var next = new Queue<int>([root]);
        while (next.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                if (seen.Add(child.Id))
                {
                    found.Add(child);
                    next.Enqueue(child.Id);
                }
            }
        }

        found.Reverse();
        return found;
    }

    // "12 (na) me) S 1 ...": the last parenthesis ends the name.
    private static ProcessEntry? Parse(int id, ReadOnlySpan<byte> text)
    {
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open || close + 2 >= text.Length)
        {
            return null;
        }

        Span<Range> fields = stackalloc Range[StatFields + 1];
        var rest = text[(close + 2)..];
        var count = 0;
        foreach (var field in rest.Split((byte)' '))
        {
            if (count == fields.Length)
            {
                break;
            }

            fields[count++] = field;
        }

        return count >= StatFields
            ? new ProcessEntry(
                id, Encoding.UTF8.GetString(text[(open + 1)..close]), (char)rest[fields[0]][0], (int)Number(rest[fields[1]]), (int)Number(rest[fields[2]]),
                (int)Number(rest[fields[3]]), Number(rest[fields[19]]))
            : null;
    }

    private static long Number(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
