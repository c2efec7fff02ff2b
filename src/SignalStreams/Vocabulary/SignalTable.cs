using System.Collections.Frozen;
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

    // Linux: signal(7), x86 and ARM column. BSD: macOS <sys/signal.h>, whose first 31 FreeBSD shares.
    private static readonly Row[] UnixRows =
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
    private static readonly Row[] WindowsRows =
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

    private readonly FrozenDictionary<int, Row> _byNumber;
    private readonly FrozenDictionary<ShutdownSignal, int> _numbers;
    private readonly FrozenDictionary<ShutdownSignal, SignalRule> _rules;
    private readonly FrozenDictionary<string, ShutdownSignal> _names;
    private readonly FrozenSet<ShutdownSignal> _terminating;
    private readonly int _last;

    private SignalTable(Row[] rows, bool bsd, int last, int realTimeMinimum, ShutdownSignal[] terminating)
    {
        var numbered = rows.Select(row => (Row: row, Number: bsd ? row.Bsd : row.Linux)).ToArray();
        _byNumber = numbered.Where(r => r.Number > 0).ToFrozenDictionary(r => r.Number, r => r.Row);
        _numbers = numbered.Where(r => r.Number > 0 && r.Row.Signal is not null).ToFrozenDictionary(r => r.Row.Signal!.Value, r => r.Number);
        _rules = rows.Where(r => r.Signal is not null).ToFrozenDictionary(r => r.Signal!.Value, r => r.Rule);
        _names = numbered.Where(r => r.Number > 0 || r.Row.Signal is not null)
            .ToFrozenDictionary(r => r.Row.Name, r => r.Row.Signal ?? (ShutdownSignal)r.Number, StringComparer.OrdinalIgnoreCase);
        _last = last;
        RealTimeMinimum = realTimeMinimum;
        RealTimeMaximum = realTimeMinimum == 0 ? 0 : last;
        _terminating = terminating.ToFrozenSet();
        Terminating = Array.AsReadOnly(terminating);
    }

    public static SignalTable Linux { get; } = new(UnixRows, bsd: false, LastLinuxSignal, LinuxRealTimeMinimum(),
        [ShutdownSignal.SIGHUP, ShutdownSignal.SIGINT, ShutdownSignal.SIGQUIT, ShutdownSignal.SIGTERM]);

    public static SignalTable Bsd { get; } = new(UnixRows, bsd: true, LastBsdSignal, realTimeMinimum: 0,
        [ShutdownSignal.SIGHUP, ShutdownSignal.SIGINT, ShutdownSignal.SIGQUIT, ShutdownSignal.SIGTERM]);

    public static SignalTable Windows { get; } = new(WindowsRows, bsd: false, last: 0, realTimeMinimum: 0,
        [ShutdownSignal.SIGINT, ShutdownSignal.SIGBREAK, ShutdownSignal.CTRL_CLOSE_EVENT, ShutdownSignal.CTRL_LOGOFF_EVENT,
         ShutdownSignal.CTRL_SHUTDOWN_EVENT, ShutdownSignal.SIGTERM]);

    /// <summary>The table of the platform that the program runs on.</summary>
    public static SignalTable Current { get; } = OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? Linux : Bsd;

    /// <summary>The signals that ask a process to end and end it by default.</summary>
    public IReadOnlyList<ShutdownSignal> Terminating { get; }

    /// <summary>What the C library calls SIGRTMIN; 0 where there are no real-time signals.</summary>
    public int RealTimeMinimum { get; }

    /// <summary>What the C library calls SIGRTMAX; 0 where there are no real-time signals.</summary>
    public int RealTimeMaximum { get; }

    public bool IsTerminating(ShutdownSignal signal) => _terminating.Contains(signal);

    /// <summary>Whether the system ends a process that does nothing about the signal; signal(7), "Term" and "Core".</summary>
    public bool EndsByDefault(ShutdownSignal signal) => Normalize(signal) is not (
        ShutdownSignal.SIGCHLD or ShutdownSignal.SIGCONT or ShutdownSignal.SIGWINCH or ShutdownSignal.SIGTSTP or ShutdownSignal.SIGTTIN
        or ShutdownSignal.SIGTTOU or ShutdownSignal.SIGSTOP) && NameOf(signal) is not ("SIGURG" or "SIGINFO");

    public bool IsRealTime(ShutdownSignal signal) => RealTimeMinimum > 0 && (int)signal >= RealTimeMinimum && (int)signal <= RealTimeMaximum;

    /// <summary>The one value that stands for a signal: a raw number that has a name becomes the name.</summary>
    public ShutdownSignal Normalize(ShutdownSignal signal) =>
        (int)signal > 0 && _byNumber.TryGetValue((int)signal, out var row) && row.Signal is { } named ? named : signal;

    /// <summary>What may be done with a signal here.</summary>
    public SignalRule RuleOf(ShutdownSignal signal)
    {
        signal = Normalize(signal);
        if ((int)signal <= 0)
        {
            return _rules.TryGetValue(signal, out var rule) ? rule : Enum.IsDefined(signal) ? SignalRule.NotOnThisPlatform : SignalRule.NoSignal;
        }

        if (_byNumber.TryGetValue((int)signal, out var row))
        {
            return row.Rule;
        }

        // From 32 up to SIGRTMIN the C library keeps what it needs for threads; SIGRTMIN itself is what the runtime suspends threads with.
        return (int)signal > _last ? SignalRule.NotOnThisPlatform
            : (int)signal <= RealTimeMinimum ? SignalRule.OwnedByRuntime
            : SignalRule.Listen;
    }

    /// <summary>The number that the platform knows the signal by; null where it has none.</summary>
    public int? NumberOf(ShutdownSignal signal)
    {
        signal = Normalize(signal);
        return _numbers.TryGetValue(signal, out var number) ? number
            : (int)signal > 0 && (int)signal <= _last ? (int)signal
            : null;
    }

    public string NameOf(ShutdownSignal signal)
    {
        signal = Normalize(signal);
        if ((int)signal <= 0)
        {
            return Enum.GetName(signal) ?? ((int)signal).ToString(CultureInfo.InvariantCulture);
        }

        if (_byNumber.TryGetValue((int)signal, out var row))
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
        Span<char> buffer = stackalloc char[32];
        signal = default;
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]) || text.Length > buffer.Length - 3)
        {
            return false;
        }

        "SIG".CopyTo(buffer);
        text.CopyTo(buffer[3..]);
        var names = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (names.TryGetValue(text, out signal) || names.TryGetValue(buffer[..(text.Length + 3)], out signal))
        {
            return true;
        }

        // Other spellings that people know: signal(7) "synonyms", and the console events of Windows by their C names.
        foreach (var (alias, target) in Aliases)
        {
            if (text.Equals(alias, StringComparison.OrdinalIgnoreCase) || buffer[..(text.Length + 3)].Equals(alias, StringComparison.OrdinalIgnoreCase))
            {
                return names.TryGetValue(target, out signal);
            }
        }

        // A name of another platform is understood, so that one configuration file serves all; opening says what is wrong with it.
        return Enum.TryParse(text, ignoreCase: true, out signal) && Enum.IsDefined(signal)
            || Enum.TryParse(buffer[..(text.Length + 3)], ignoreCase: true, out signal) && Enum.IsDefined(signal);
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

    private sealed record Row(string Name, int Linux, int Bsd, ShutdownSignal? Signal = null, SignalRule Rule = SignalRule.Listen);
}
