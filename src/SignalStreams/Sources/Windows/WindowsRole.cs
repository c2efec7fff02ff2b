using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>What the process is to Windows: the one place that tells a service from a program.</summary>
internal static unsafe class WindowsRole
{
    public const string Switch = "SignalStreams.UseServiceControls";
    public const string Variable = "SIGNALSTREAMS_USE_SERVICE_CONTROLS";

    private const string ServiceManager = "services.exe";
    private const string ServiceLibrary = "System.ServiceProcess.ServiceController";

    private static readonly Lazy<bool> Service = new(() => OperatingSystem.IsWindows() && FindService(), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Whether the service control manager has started the process. Looked up once.</summary>
    public static bool IsService => Service.Value;

    /// <summary>Whether the controls of the service are this library's to take: the environment variable, or else the AppContext switch, says so (true) or
    /// forbids it (false); otherwise where .NET's own ServiceBase cannot be at work.</summary>
    public static bool HasServiceControls => IsService && Decide(
        Environment.GetEnvironmentVariable(Variable),
        AppContext.TryGetSwitch(Switch, out var isOn) ? isOn : null,
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string);

    /// <param name="variable">The environment variable.</param>
    /// <param name="isSwitchedOn">The switch.</param>
    /// <param name="assemblies">What the program is made of; null where nobody tells, as in a program that was compiled ahead of time.</param>
    internal static bool Decide(string? variable, bool? isSwitchedOn, string? assemblies) => variable?.ToLowerInvariant() switch
    {
        "0" or "false" => false,
        "1" or "true" => true,
        _ => isSwitchedOn ?? (assemblies is not null && !assemblies.Contains(ServiceLibrary, StringComparison.OrdinalIgnoreCase)),
    };

    // Services live in session 0, as children of the manager. Asked of a list of all processes: many a service may not open that one.
    [SupportedOSPlatform("windows")]
    private static bool FindService()
    {
        var own = (uint)Environment.ProcessId;
        if (!WindowsNative.ProcessIdToSessionId(own, out var session) || session != 0)
        {
            return false;
        }

        var snapshot = WindowsNative.CreateToolhelp32Snapshot(WindowsNative.SnapshotOfProcesses, 0);
        if (snapshot == -1)
        {
            return false;
        }

        try
        {
            return ParentOf(own, snapshot) is { } parent && IsNamed(ServiceManager, parent, snapshot);
        }
        finally
        {
            _ = WindowsNative.CloseHandle(snapshot);
        }
    }

    [SupportedOSPlatform("windows")]
    private static uint? ParentOf(uint process, nint snapshot)
    {
        WindowsNative.ProcessEntry entry;
        return Find(process, snapshot, &entry) ? entry.Parent : null;
    }

    [SupportedOSPlatform("windows")]
    private static bool IsNamed(string name, uint process, nint snapshot)
    {
        WindowsNative.ProcessEntry entry;
        return Find(process, snapshot, &entry)
            && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry.Name).Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    [SupportedOSPlatform("windows")]
    private static bool Find(uint process, nint snapshot, WindowsNative.ProcessEntry* entry)
    {
        entry->Size = (uint)sizeof(WindowsNative.ProcessEntry);
        for (var found = WindowsNative.FirstProcess(snapshot, entry); found != 0; found = WindowsNative.NextProcess(snapshot, entry))
        {
            if (entry->Id == process)
            {
                return true;
            }
        }

        return false;
    }
}
