using System.Globalization;
using System.Runtime.InteropServices;

// The tables name signals of every platform; which of them this one has is what they are asked.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Which signal has which number, name and rule on one platform.</summary>
internal sealed class SignalTable
{
    private const int LastLinuxSignal = 64;
    private const int LastBsdSignal = 31;

    private readonly Row[] _rows;
    private readonly ShutdownSignal[] _terminating;
    private readonly bool _isBsd;
    private readonly int _last;

    // Plain arrays, searched from the start: a table is asked when something is opened or printed, and must cost a program no start-up time.
    private SignalTable(Row[] rows, bool isBsd, int last, int realTimeMinimum, ShutdownSignal[] terminating)
    {
        _rows = rows;
        _isBsd = isBsd;
        _last = last;
        RealTimeMinimum = realTimeMinimum;
        RealTimeMaximum = realTimeMinimum == 0 ? 0 : last;
        _terminating = terminating;
    }

    public static SignalTable Linux => LinuxTable.Instance;

    public static SignalTable Bsd => BsdTable.Instance;

    public static SignalTable Windows => WindowsTable.Instance;

    /// <summary>The table of the platform that the program runs on.</summary>
    public static SignalTable Current { get; } = OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? Linux : Bsd;

    /// <summary>The signals that ask a process to end and end it by default.</summary>
    public IReadOnlyList<ShutdownSignal> Terminating => field ??= Array.AsReadOnly(_terminating);

    /// <summary>What the C library calls SIGRTMIN; 0 where there are no real-time signals.</summary>
    public int RealTimeMinimum { get; }

    /// <summary>What the C library calls SIGRTMAX; 0 where there are no real-time signals.</summary>
    public int RealTimeMaximum { get; }

    /// <summary>The same for whoever wants an array.</summary>
    public ShutdownSignal[] CopyTerminating() => (ShutdownSignal[])_terminating.Clone();

    public bool IsTerminating(ShutdownSignal signal)
    {
        // A generic search would be compiled at the first signal.
        foreach (var terminating in _terminating)
        {
            if (terminating == signal)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the system ends a process that does nothing about the signal; signal(7), "Term" and "Core".</summary>
    public bool EndsByDefault(ShutdownSignal signal) => Normalize(signal) is not (
        ShutdownSignal.SIGCHLD or ShutdownSignal.SIGCONT or ShutdownSignal.SIGWINCH or ShutdownSignal.SIGTSTP or ShutdownSignal.SIGTTIN
        or ShutdownSignal.SIGTTOU or ShutdownSignal.SIGSTOP) && NameOf(signal) is not ("SIGURG" or "SIGINFO");

    public bool IsRealTime(ShutdownSignal signal) => RealTimeMinimum > 0 && (int)signal >= RealTimeMinimum && (int)signal <= RealTimeMaximum;

    /// <summary>The one value that stands for a signal: a raw number that has a name becomes the name.</summary>
    public ShutdownSignal Normalize(ShutdownSignal signal) => (int)signal > 0 && ByNumber((int)signal)?.Signal is { } named ? named : signal;

    /// <summary>What may be done with a signal here.</summary>
    public SignalRule RuleOf(ShutdownSignal signal)
    {
        if ((int)signal <= 0)
        {
            return BySignal(signal)?.Rule ?? (Enum.IsDefined(signal) ? SignalRule.NotOnThisPlatform : SignalRule.NoSignal);
        }

        // From 32 up to SIGRTMIN the C library keeps what it needs for threads; SIGRTMIN itself is what the runtime suspends threads with.
        return ByNumber((int)signal)?.Rule
            ?? ((int)signal > _last ? SignalRule.NotOnThisPlatform
            : (int)signal <= RealTimeMinimum ? SignalRule.OwnedByRuntime
            : SignalRule.Listen);
    }

    /// <summary>The number that the platform knows the signal by; null where it has none.</summary>
    public int? NumberOf(ShutdownSignal signal) =>
        (int)signal <= 0 ? (BySignal(signal) is { } row && Number(row) > 0 ? Number(row) : null)
        : (int)signal <= _last || ByNumber((int)signal) is not null ? (int)signal
        : null;

    public string NameOf(ShutdownSignal signal)
    {
        if ((int)signal <= 0)
        {
            return BySignal(signal)?.Name ?? Enum.GetName(signal) ?? ((int)signal).ToString(CultureInfo.InvariantCulture);
        }

        if (ByNumber((int)signal) is { } row)
        {
            return row.Name;
        }

        var offset = (int)signal - RealTimeMinimum;
        return !IsRealTime(signal) ? ((int)signal).ToString(CultureInfo.InvariantCulture)
            : offset == 0 ? "SIGRTMIN"
            : string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{offset}");
    }

    public bool TryParse(ReadOnlySpan<char> text, out ShutdownSignal signal)
    {
        text = text.Trim();
        signal = default;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            signal = Normalize((ShutdownSignal)number);
            return NumberOf(signal) is not null;
        }

        return TryParseName(text, out signal) || TryParseRealTime(text, out signal);
    }

    private bool TryParseName(ReadOnlySpan<char> text, out ShutdownSignal signal)
    {
        signal = default;
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
        {
            return false;
        }

        // signal(7), "synonyms", and the console events of Windows by their C names.
        foreach (var (alias, target) in Aliases)
        {
            if (IsName(text, alias))
            {
                text = target;
                break;
            }
        }

        foreach (var row in _rows)
        {
            if (IsName(text, row.Name) && (row.Signal is not null || Number(row) > 0))
            {
                signal = row.Signal ?? (ShutdownSignal)Number(row);
                return true;
            }
        }

        // A name of another platform is understood, so that one configuration file serves all; opening says what is wrong with it.
        foreach (var named in Enum.GetValues<ShutdownSignal>())
        {
            if (IsName(text, Enum.GetName(named)!))
            {
                signal = named;
                return true;
            }
        }

        return false;
    }

    private static bool IsName(ReadOnlySpan<char> text, string name) =>
        text.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("SIG", StringComparison.Ordinal) && text.Equals(name.AsSpan(3), StringComparison.OrdinalIgnoreCase));

    private int Number(Row row) => _isBsd ? row.Bsd : row.Linux;

    // Loops, since a predicate would be allocated for each signal that is raised or comes from the kernel.
    private Row? ByNumber(int number)
    {
        foreach (var row in _rows)
        {
            if (Number(row) == number)
            {
                return row;
            }
        }

        return null;
    }

    private Row? BySignal(ShutdownSignal signal)
    {
        foreach (var row in _rows)
        {
            if (row.Signal == signal)
            {
                return row;
            }
        }

        return null;
    }

    private static (string Alias, string Target)[] Aliases =>
    [
        ("SIGCLD", "SIGCHLD"), ("SIGIOT", "SIGABRT"), ("SIGPOLL", "SIGIO"),
        ("CTRL_C_EVENT", "SIGINT"), ("CTRL_BREAK_EVENT", OperatingSystem.IsWindows() ? "SIGBREAK" : "SIGQUIT"),
    ];

    private bool TryParseRealTime(ReadOnlySpan<char> text, out ShutdownSignal signal)
    {
        signal = default;
        if (text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase))
        {
            text = text[3..];
        }

        var fromMinimum = text.StartsWith("RTMIN", StringComparison.OrdinalIgnoreCase);
        if (RealTimeMinimum == 0 || (!fromMinimum && !text.StartsWith("RTMAX", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        var offset = 0;
        text = text["RTMIN".Length..];
        if (!text.IsEmpty && (text[0] != (fromMinimum ? '+' : '-') || !int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out offset)))
        {
            return false;
        }

        signal = (ShutdownSignal)(fromMinimum ? RealTimeMinimum + offset : RealTimeMaximum - offset);
        return offset <= LastLinuxSignal && IsRealTime(signal);
    }

    // glibc answers 34 and musl 35: each keeps a few of the kernel's 32 upwards for its threads.
    private static int LinuxRealTimeMinimum()
    {
        const int Glibc = 34;
        if (!OperatingSystem.IsLinux())
        {
            return Glibc;
        }

        try
        {
            return CurrentRealTimeMinimum();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return Glibc;
        }
    }

    [DllImport("libc", EntryPoint = "__libc_current_sigrtmin")]
    private static extern int CurrentRealTimeMinimum();

    // Linux: signal(7), x86 and ARM column. BSD: macOS <sys/signal.h>, whose first 31 FreeBSD shares.
    private static Row[] UnixRows =>
    [
        new("SIGHUP", 1, 1, ShutdownSignal.SIGHUP),
        new("SIGINT", 2, 2, ShutdownSignal.SIGINT),
        new("SIGQUIT", 3, 3, ShutdownSignal.SIGQUIT),
        new("SIGILL", 4, 4, Rule: SignalRule.OwnedByRuntime),
        new("SIGTRAP", 5, 5, Rule: SignalRule.OwnedByRuntime),
        new("SIGABRT", 6, 6, Rule: SignalRule.OwnedByRuntime),
        new("SIGBUS", 7, 10, Rule: SignalRule.OwnedByRuntime),
        new("SIGFPE", 8, 8, Rule: SignalRule.OwnedByRuntime),
        new("SIGKILL", 9, 9, ShutdownSignal.SIGKILL, SignalRule.SendOnly),
        new("SIGUSR1", 10, 30, ShutdownSignal.SIGUSR1),
        new("SIGSEGV", 11, 11, Rule: SignalRule.OwnedByRuntime),
        new("SIGUSR2", 12, 31, ShutdownSignal.SIGUSR2),
        new("SIGPIPE", 13, 13, ShutdownSignal.SIGPIPE, SignalRule.SendOnly),
        new("SIGALRM", 14, 14, ShutdownSignal.SIGALRM),
        new("SIGTERM", 15, 15, ShutdownSignal.SIGTERM),
        new("SIGSTKFLT", 16, 0),
        new("SIGEMT", 0, 7),
        new("SIGCHLD", 17, 20, ShutdownSignal.SIGCHLD),
        new("SIGCONT", 18, 19, ShutdownSignal.SIGCONT),
        new("SIGSTOP", 19, 17, ShutdownSignal.SIGSTOP, SignalRule.SendOnly),
        new("SIGTSTP", 20, 18, ShutdownSignal.SIGTSTP),
        new("SIGTTIN", 21, 21, ShutdownSignal.SIGTTIN),
        new("SIGTTOU", 22, 22, ShutdownSignal.SIGTTOU),
        new("SIGURG", 23, 16),
        new("SIGXCPU", 24, 24),
        new("SIGXFSZ", 25, 25),
        new("SIGVTALRM", 26, 26),
        new("SIGPROF", 27, 27),
        new("SIGWINCH", 28, 28, ShutdownSignal.SIGWINCH),
        new("SIGIO", 29, 23),
        new("SIGINFO", 0, 29),
        new("SIGPWR", 30, 0),
        new("SIGSYS", 31, 12),
    ];

    // The numbers are those of <signal.h> of the C runtime; an event without one has none.
    private static Row[] WindowsRows =>
    [
        new("SIGHUP", 0, 0, ShutdownSignal.SIGHUP),
        new("SIGINT", 2, 2, ShutdownSignal.SIGINT),
        new("SIGQUIT", 0, 0, ShutdownSignal.SIGQUIT),
        new("SIGTERM", 15, 15, ShutdownSignal.SIGTERM),
        new("SIGBREAK", 21, 21, ShutdownSignal.SIGBREAK),
        new("CTRL_CLOSE_EVENT", 0, 0, ShutdownSignal.CTRL_CLOSE_EVENT),
        new("CTRL_LOGOFF_EVENT", 0, 0, ShutdownSignal.CTRL_LOGOFF_EVENT),
        new("CTRL_SHUTDOWN_EVENT", 0, 0, ShutdownSignal.CTRL_SHUTDOWN_EVENT),
    ];

    // A table each, made when it is asked for.
    private static class LinuxTable
    {
        public static SignalTable Instance { get; } = new(UnixRows, isBsd: false, LastLinuxSignal, LinuxRealTimeMinimum(),
            [ShutdownSignal.SIGHUP, ShutdownSignal.SIGINT, ShutdownSignal.SIGQUIT, ShutdownSignal.SIGTERM]);
    }

    private static class BsdTable
    {
        public static SignalTable Instance { get; } = new(UnixRows, isBsd: true, LastBsdSignal, realTimeMinimum: 0,
            [ShutdownSignal.SIGHUP, ShutdownSignal.SIGINT, ShutdownSignal.SIGQUIT, ShutdownSignal.SIGTERM]);
    }

    private static class WindowsTable
    {
        public static SignalTable Instance { get; } = new(WindowsRows, isBsd: false, last: 0, realTimeMinimum: 0,
            [ShutdownSignal.SIGINT, ShutdownSignal.SIGBREAK, ShutdownSignal.CTRL_CLOSE_EVENT, ShutdownSignal.CTRL_LOGOFF_EVENT,
             ShutdownSignal.CTRL_SHUTDOWN_EVENT, ShutdownSignal.SIGTERM]);
    }

    private sealed record Row(string Name, int Linux, int Bsd, ShutdownSignal? Signal = null, SignalRule Rule = SignalRule.Listen);
}
