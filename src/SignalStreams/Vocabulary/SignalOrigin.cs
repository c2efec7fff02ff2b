using System.Globalization;
using System.Text;

namespace SignalStreams;

/// <summary>Who sent a signal, as far as the source can tell.</summary>
/// <remarks>The default value is an unknown origin. Facts as in sigaction(2), "siginfo_t".</remarks>
public readonly record struct SignalOrigin
{
    /// <summary>How the signal came into being.</summary>
    public SignalOriginKind Kind { get; init; }

    /// <summary>The process that sent it; null where that is not known.</summary>
    /// <value>0 stands for a sender outside this process's pid namespace: for a container, the host.</value>
    public int? ProcessId { get; init; }

    /// <summary>The real user id of the sender; null where that is not known.</summary>
    public uint? UserId { get; init; }

    /// <summary>The value that sigqueue(3) sent along; null where there is none.</summary>
    public int? Value { get; init; }

    /// <summary>The name of the process that sent it, as it is called now; null where that is not known or the process has ended.</summary>
    /// <remarks>Read when it is asked for, from /proc (proc_pid_comm(5)): fifteen characters at most. A process id can have been given to another
    /// process meanwhile. An origin that was made up, by a test, has none.</remarks>
    public string? ProcessName => IsReal && ProcessId is > 0 and { } pid ? NameOf(pid) : null;

    /// <summary>Whether the system said so: its process may be asked for. No part of what makes two origins equal.</summary>
    internal bool IsReal { get; init; }

    /// <summary>Whether both say the same.</summary>
    public bool Equals(SignalOrigin other) =>
        Kind == other.Kind && ProcessId == other.ProcessId && UserId == other.UserId && Value == other.Value;

    /// <summary>A hash of what it says.</summary>
    public override int GetHashCode() => HashCode.Combine(Kind, ProcessId, UserId, Value);

    /// <summary>A line for a log: "pid 1 (systemd), uid 0", "terminal", "unknown sender".</summary>
    /// <remarks>Ctrl-C and Ctrl-Break on Windows: "console, shared with powershell (pid 12)", as those are who share it when this is asked.</remarks>
    public override string ToString()
    {
        var text = Kind switch
        {
            SignalOriginKind.Process or SignalOriginKind.Queue when ProcessId is not null => "",
            SignalOriginKind.Process or SignalOriginKind.Queue => "another process",
            SignalOriginKind.Kernel => "kernel",
            SignalOriginKind.Terminal => "terminal",
            SignalOriginKind.Timer => "timer",
            SignalOriginKind.Self => "this process",
            SignalOriginKind.Console => "console",
            SignalOriginKind.Service => "service control manager",
            SignalOriginKind.Window => "window message",
            SignalOriginKind.Test => "test",
            _ => ProcessId is null ? "unknown sender" : "",
        };

        if (Kind == SignalOriginKind.Console && IsReal && OperatingSystem.IsWindows() && ConsoleCompanions.Describe() is { } companions)
        {
            text = Join(text, "shared with ", companions);
        }

        if (ProcessId is { } pid)
        {
            text = Join(text, "pid ", pid.ToString(CultureInfo.InvariantCulture));
            if (ProcessName is { } name)
            {
                text = string.Concat(text, " (", OneLine(name), ")");
            }
        }

        if (UserId is { } uid)
        {
            text = Join(text, "uid ", uid.ToString(CultureInfo.InvariantCulture));
        }

        return Value is { } value ? Join(text, "value ", value.ToString(CultureInfo.InvariantCulture)) : text;
    }

    // No interpolation: its handlers are bound at their first use, and this is the first thing that a host does when it is asked to stop (docs/benchmarks.md, "A host's life").
    private static string Join(string text, string what, string value) =>
        text.Length == 0 ? string.Concat(what, value) : string.Concat(text, ", ", what, value);

    // A process gives itself its name, and a line of a log must stay one.
    private static string OneLine(string name)
    {
        foreach (var c in name)
        {
            if (char.IsControl(c))
            {
                return string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
            }
        }

        return name;
    }

    private static string? NameOf(int pid)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(string.Concat("/proc/", pid.ToString(CultureInfo.InvariantCulture), "/comm"))).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
