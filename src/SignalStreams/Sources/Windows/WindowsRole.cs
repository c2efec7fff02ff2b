using System.Reflection;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>What the process is to Windows: the one place that tells a service from a program.</summary>
internal static unsafe class WindowsRole
{
    public const string Switch = "SignalStreams.UseServiceControls";
    public const string Variable = "SIGNALSTREAMS_USE_SERVICE_CONTROLS";

    private const string ServiceManager = "services";
    private const string ServiceLibrary = "System.ServiceProcess.ServiceController";

    private static readonly Lazy<bool> Service = new(() => OperatingSystem.IsWindows() && FindService(), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Whether the service control manager has started the process. Looked up once.</summary>
    public static bool IsService => Service.Value;

    /// <summary>Whether the controls of the service are this library's to take: the environment variable, or else the AppContext switch, says so (true) or
    /// forbids it (false); otherwise where .NET's own ServiceBase cannot be at work.</summary>
    public static bool HasServiceControls => IsService && Decide(
        Environment.GetEnvironmentVariable(Variable),
        AppContext.TryGetSwitch(Switch, out var isOn) ? isOn : null,
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string,
        IsBundled);

    /// <param name="variable">The environment variable.</param>
    /// <param name="isSwitchedOn">The switch.</param>
    /// <param name="assemblies">What the program is made of; null where nobody tells, as in a program that was compiled ahead of time.</param>
    /// <param name="isBundled">Whether a program that is one file has .NET's service support in it.</param>
    internal static bool Decide(string? variable, bool? isSwitchedOn, string? assemblies, Func<bool> isBundled) => variable?.ToLowerInvariant() switch
    {
        "0" or "false" => false,
        "1" or "true" => true,
        _ => isSwitchedOn ?? (assemblies is not null && !assemblies.Contains(ServiceLibrary, StringComparison.OrdinalIgnoreCase) && !isBundled()),
    };

    // The assemblies of a single file are not on the host's list (dotnet/runtime, hostpolicy/deps_resolver.cpp), but they are found by their names.
    private static bool IsBundled()
    {
        try
        {
            return Assembly.Load(ServiceLibrary) is not null;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return false;
        }
    }

    // Services are children of the manager.
    [SupportedOSPlatform("windows")]
    private static bool FindService()
    {
        WindowsNative.BasicInformation information;
        return WindowsNative.QueryInformationProcess(WindowsNative.CurrentProcess, 0, &information, sizeof(WindowsNative.BasicInformation), null) == 0
            && (WindowsNative.NameOf((uint)information.Parent) ?? NameInSnapshot((uint)information.Parent)) is { } parent
            && parent.Equals(ServiceManager, StringComparison.OrdinalIgnoreCase);
    }

    // Many a service may not ask that process itself, but anybody may ask for the list of all.
    [SupportedOSPlatform("windows")]
    private static string? NameInSnapshot(uint process)
    {
        var snapshot = WindowsNative.CreateToolhelp32Snapshot(WindowsNative.SnapshotOfProcesses, 0);
        if (snapshot == -1)
        {
            return null;
        }

        try
        {
            WindowsNative.ProcessEntry entry;
            entry.Size = (uint)sizeof(WindowsNative.ProcessEntry);
            for (var found = WindowsNative.FirstProcess(snapshot, &entry); found != 0; found = WindowsNative.NextProcess(snapshot, &entry))
            {
                if (entry.Id == process)
                {
                    return Path.GetFileNameWithoutExtension(new string(entry.Name));
                }
            }

            return null;
        }
        finally
        {
            _ = WindowsNative.CloseHandle(snapshot);
        }
    }
}
