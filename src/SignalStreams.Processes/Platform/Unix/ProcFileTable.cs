using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace SignalStreams;

/// <summary>The table of Linux: /proc/N/stat, see proc_pid_stat(5).</summary>
internal sealed unsafe class ProcFileTable : IProcessTable
{
    // The longest is some 350 bytes: 52 numbers, of which most are short.
    private const int StatSize = 1024;

    // Some sixty at a time: one who is read long after he was listed may have ended, and his child is then in no list. Ids grow, so it is in the next.
    private const int EntriesSize = 2048;

    private readonly Lock _gate = new();

    // Given up for a moment when the process has no others: what cannot be looked at can be signalled by nobody who is careful. Two, since a look at
    // all has the folder open besides the file.
    private readonly int[] _spares = [UnixCalls.Open("/proc/self/stat"u8), UnixCalls.Open("/proc/self/stat"u8)];

    public ProcessLookup Find(int processId, out UnixProcess process)
    {
        Span<byte> path = stackalloc byte[32];
        PathOf(processId, path);
        Span<byte> stat = stackalloc byte[StatSize];
        var length = UnixCalls.ReadFile(path, stat);
        if (IsForWantOfDescriptors(length))
        {
            lock (_gate)
            {
                CloseSpares();
                length = UnixCalls.ReadFile(path, stat);
                OpenSpares();
            }
        }

        if (length > 0 && TryParse(stat[..length], out process))
        {
            return process.IsEnded ? ProcessLookup.Gone : ProcessLookup.Found;
        }

        process = default;
        if (IsForWantOfDescriptors(length))
        {
            return UnixCalls.Exists(processId) ? ProcessLookup.Unknown : ProcessLookup.Gone;
        }

        // Another user's process is hidden where /proc is mounted with hidepid (proc(5)); it is there, and it is not ours.
        if (UnixCalls.Exists(processId) && UnixCalls.Error() == UnixCalls.NotPermitted)
        {
            process = new UnixProcess { Identity = new() { Id = processId } };
            return ProcessLookup.Found;
        }

        return ProcessLookup.Gone;
    }

    public List<UnixProcess> ReadAll(Action<UnixProcess>? found = null)
    {
        List<UnixProcess> all = [];
        var result = TryReadAll(all, found);
        if (IsForWantOfDescriptors(result))
        {
            lock (_gate)
            {
                CloseSpares();
                all.Clear();
                result = TryReadAll(all, found);
                OpenSpares();
            }
        }

        return result == 0
            ? all
            : throw new IOException($"The processes of the system cannot be listed: /proc cannot be read ({Marshal.GetPInvokeErrorMessage(-result)}). Without it only single processes can be stopped, and no tree or group.");
    }

    /// <returns>0, or the error as a negative number: half a list would make the others look as if they had ended.</returns>
    private static int TryReadAll(List<UnixProcess> all, Action<UnixProcess>? found)
    {
        var folder = UnixCalls.OpenFolder("/proc"u8);
        if (folder < 0)
        {
            return folder;
        }

        Span<byte> entries = stackalloc byte[EntriesSize];
        try
        {
            Span<byte> path = stackalloc byte[32];
            Span<byte> stat = stackalloc byte[StatSize];
            int length;
            while ((length = UnixCalls.ReadFolder(folder, entries)) > 0)
            {
                for (var at = 0; at < length;)
                {
                    // struct linux_dirent64 of getdents(2): inode (8), offset (8), length of the record (2), type (1), name.
                    var entry = entries[at..];
                    at += MemoryMarshal.Read<ushort>(entry[16..]);
                    if (Utf8Parser.TryParse(entry[19..], out int id, out var digits) && entry[19 + digits] == 0)
                    {
                        PathOf(id, path);
                        var count = UnixCalls.ReadFile(path, stat);
                        if (count > 0 && TryParse(stat[..count], out var process))
                        {
                            all.Add(process);
                            found?.Invoke(process);
                        }
                        else if (IsForWantOfDescriptors(count))
                        {
                            return count;
                        }
                    }
                }
            }

            return length;
        }
        finally
        {
            UnixCalls.CloseDescriptor(folder);
        }
    }

    /// <summary>Adds the children of a process, zombies too: those of each of its threads (proc_tid_children(5)). None when it has gone.</summary>
    /// <returns>False where no descriptor is to be had.</returns>
    public static bool TryReadChildren(int processId, List<int> children)
    {
        Span<byte> path = stackalloc byte[64];
        path[PathOf(processId, path, "/task"u8)] = 0;
        var folder = UnixCalls.OpenFolder(path);
        if (folder < 0)
        {
            return !IsForWantOfDescriptors(folder);
        }

        Span<byte> entries = stackalloc byte[StatSize];
        try
        {
            int length;
            while ((length = UnixCalls.ReadFolder(folder, entries)) > 0)
            {
                for (var at = 0; at < length;)
                {
                    var entry = entries[at..];
                    at += MemoryMarshal.Read<ushort>(entry[16..]);
                    if (Utf8Parser.TryParse(entry[19..], out int thread, out var digits) && entry[19 + digits] == 0)
                    {
                        var end = PathOf(processId, path, "/task/"u8);
                        Utf8Formatter.TryFormat(thread, path[end..], out digits);
                        "/children\0"u8.CopyTo(path[(end + digits)..]);
                        if (!TryReadNumbers(path, children))
                        {
                            return false;
                        }
                    }
                }
            }
        }
        finally
        {
            UnixCalls.CloseDescriptor(folder);
        }

        return true;
    }

    // "12 13 14 ": the kernel gives a page of them at a time, and may cut a number in two.
    private static bool TryReadNumbers(ReadOnlySpan<byte> path, List<int> numbers)
    {
        var descriptor = UnixCalls.Open(path);
        if (descriptor < 0)
        {
            return !IsForWantOfDescriptors(descriptor);
        }

        Span<byte> text = stackalloc byte[StatSize];
        var number = 0;
        int length;
        while ((length = UnixCalls.ReadMore(descriptor, text)) > 0)
        {
            foreach (var letter in text[..length])
            {
                if (letter is >= (byte)'0' and <= (byte)'9')
                {
                    number = (number * 10) + letter - '0';
                }
                else if (number > 0)
                {
                    numbers.Add(number);
                    number = 0;
                }
            }
        }

        UnixCalls.CloseDescriptor(descriptor);
        return true;
    }

    /// <summary>Whether an id is that of a thread, which /proc answers for as for a process.</summary>
    public static bool IsThread(int processId)
    {
        Span<byte> path = stackalloc byte[40];
        var length = PathOf(processId, path, "/status"u8);
        path[length] = 0;
        Span<byte> status = stackalloc byte[StatSize];
        var count = UnixCalls.ReadFile(path, status);
        if (count <= 0)
        {
            return false;
        }

        // Name, Umask, State, Tgid: always within the first lines. A name cannot hold a line feed here (proc_pid_status(5)).
        var start = status[..count].IndexOf("\nTgid:\t"u8);
        return start >= 0 && Utf8Parser.TryParse(status[(start + 7)..count], out int group, out _) && group != processId;
    }

    /// <summary>Reads "12 (a name) S 1 12 12 ...". The name may hold blanks and parentheses; only numbers follow it.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> stat, out UnixProcess process)
    {
        process = default;
        var open = stat.IndexOf((byte)'(');
        var close = stat.LastIndexOf((byte)')');
        if (open < 2 || close < open || close + 4 > stat.Length || !Utf8Parser.TryParse(stat, out int id, out _))
        {
            return false;
        }

        var state = stat[close + 2];
        var rest = stat[(close + 4)..];
        if (!Next(ref rest, out var parent) || !Next(ref rest, out var group) || !Next(ref rest, out var session) || !Skip(ref rest, 13)
            || !Next(ref rest, out var threads) || !Skip(ref rest, 1) || !Next(ref rest, out var start))
        {
            return false;
        }

        process = new UnixProcess
        {
            Identity = new() { Id = id, StartTime = start, Name = Name(stat[(open + 1)..close]) },
            Parent = (int)parent,
            Group = (int)group,
            Session = (int)session,

            // A first thread that has ended shows as a zombie while others of the process run on.
            IsEnded = state is (byte)'X' or (byte)'x' || (state == (byte)'Z' && threads <= 1),
            IsStopped = state == (byte)'T',
            IsMoving = state is (byte)'R' or (byte)'S',
        };
        return true;
    }

    // A process gives itself its name, and a line of a log must stay one.
    private static string Name(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
        {
            return Encoding.ASCII.GetString(bytes);
        }

        return string.Concat(Encoding.UTF8.GetString(bytes).Select(c => char.IsControl(c) ? '?' : c));
    }

    private static bool Next(ref ReadOnlySpan<byte> rest, out long number)
    {
        if (!Utf8Parser.TryParse(rest, out number, out var length))
        {
            return false;
        }

        rest = rest[Math.Min(length + 1, rest.Length)..];
        return true;
    }

    // Not parsed: some are wider than any number here.
    private static bool Skip(ref ReadOnlySpan<byte> rest, int count)
    {
        for (; count > 0; count--)
        {
            var blank = rest.IndexOf((byte)' ');
            if (blank < 0)
            {
                return false;
            }

            rest = rest[(blank + 1)..];
        }

        return true;
    }

    private static bool IsForWantOfDescriptors(int result) => result is -UnixCalls.TooManyOpen or -UnixCalls.TooManyOpenInSystem;

    private void CloseSpares()
    {
        foreach (ref var spare in _spares.AsSpan())
        {
            if (spare >= 0)
            {
                UnixCalls.CloseDescriptor(spare);
                spare = -1;
            }
        }
    }

    // Whatever can be had: another thread may have been quicker.
    private void OpenSpares()
    {
        foreach (ref var spare in _spares.AsSpan())
        {
            spare = UnixCalls.Open("/proc/self/stat"u8);
        }
    }

    private static void PathOf(int id, Span<byte> path) => path[PathOf(id, path, "/stat"u8)] = 0;

    private static int PathOf(int id, Span<byte> path, ReadOnlySpan<byte> file)
    {
        "/proc/"u8.CopyTo(path);
        Utf8Formatter.TryFormat(id, path[6..], out var digits);
        file.CopyTo(path[(6 + digits)..]);
        return 6 + digits + file.Length;
    }
}
