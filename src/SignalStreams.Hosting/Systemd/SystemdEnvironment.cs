using System.Globalization;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>What the service manager has told the process when it started it: sd_notify(3), sd_watchdog_enabled(3).</summary>
/// <remarks>NOTIFY_SOCKET alone decides whether anybody listens. Who the parent is says nothing: in a container, or behind a shell, it is not systemd.</remarks>
internal sealed partial class SystemdEnvironment
{
    /// <summary>Nobody listens.</summary>
    public static readonly SystemdEnvironment None = new(null, null, null);

    private const string SocketName = "NOTIFY_SOCKET";
    private const string WatchdogTimeName = "WATCHDOG_USEC";
    private const string WatchdogProcessName = "WATCHDOG_PID";

    private static readonly Lock Gate = new();
    private static SystemdEnvironment s_current = None;

    private int _speakers;

    /// <param name="socket">The socket as the variable spells it; null for none.</param>
    /// <param name="watchdog">How long the service may be silent; null for as long as it likes.</param>
    /// <param name="mainProcess">Ours, where systemd takes one that stands above us for the main one; null where there is nothing to tell.</param>
    public SystemdEnvironment(string? socket, TimeSpan? watchdog, int? mainProcess)
    {
        Socket = socket;
        Watchdog = socket is null ? null : watchdog;
        MainProcess = mainProcess;
    }

    public string? Socket { get; }

    public TimeSpan? Watchdog { get; }

    public int? MainProcess { get; }

    /// <summary>Reads the variables of this process, and takes them out of its environment so that no child speaks, or is taken, for the service.</summary>
    /// <param name="keep">Whether they stay where they are.</param>
    /// <remarks>They are the process's, and it may build a host more than once: what was taken away is remembered.</remarks>
    public static SystemdEnvironment Take(bool keep)
    {
        if (!OperatingSystem.IsLinux())
        {
            return None;
        }

        lock (Gate)
        {
            if (Environment.GetEnvironmentVariable(SocketName) is { Length: > 0 } socket)
            {
                var found = Read(socket, Environment.GetEnvironmentVariable, Environment.ProcessId, SystemdAncestor.Find);
                s_current = found.Socket == s_current.Socket && found.Watchdog == s_current.Watchdog ? s_current : found;
                if (!keep)
                {
                    Remove(SocketName);
                    Remove(WatchdogTimeName);
                    Remove(WatchdogProcessName);
                }
            }

            return s_current;
        }
    }

    /// <param name="socket">The value of NOTIFY_SOCKET.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="process">The id of this process.</param>
    /// <param name="isAncestor">Whether another process stands above this one.</param>
    internal static SystemdEnvironment Read(string socket, Func<string, string?> variable, int process, Func<int, bool> isAncestor)
    {
        // Its own process id is in there, in case that the variables reach a process that they are not meant for.
        var isOurs = variable(WatchdogProcessName) is not { Length: > 0 } owner || Parse(owner) == process;
        TimeSpan? watchdog = isOurs && Parse(variable(WatchdogTimeName)) is { } time and > 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromMicroseconds(time)
            : null;

        // systemd.exec(5): the process that it has started itself, such as a shell. Process ids say nothing across the border of a container, where
        // that process is not to be found above us.
        int? mainProcess = Parse(variable("SYSTEMD_EXEC_PID")) is { } first and > 1 and <= int.MaxValue && first != process && isAncestor((int)first) ? process : null;
        return new SystemdEnvironment(socket, watchdog, mainProcess);
    }

    /// <summary>One host of a process speaks for it at a time: two would contradict each other.</summary>
    /// <returns>False when another does.</returns>
    public bool TrySpeak() => Interlocked.CompareExchange(ref _speakers, 1, 0) == 0;

    /// <summary>The next host may speak.</summary>
    public void FallSilent() => Volatile.Write(ref _speakers, 0);

    private static long? Parse(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The runtime keeps an environment of its own, for Process.Start; what native code starts gets libc's.
    private static void Remove(string name)
    {
        Environment.SetEnvironmentVariable(name, null);
        _ = Unset(name);
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);
}
