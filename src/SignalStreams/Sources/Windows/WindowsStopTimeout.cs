using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32;

namespace SignalStreams;

/// <summary>How long Windows waits after it has told a process to end.</summary>
/// <remarks>CLOSE: HungAppTimeout; LOGOFF and SHUTDOWN: WaitToKillAppTimeout; both in milliseconds, and 5 s where nobody has set them
/// (microsoft/terminal, doc/ConsoleCtrlEvent.md). The shutdown of a service: WaitToKillServiceTimeout, 20 s where it is not set
/// (SERVICE_CONTROL_SHUTDOWN, "Handler function"); many an installation sets 5 s.</remarks>
internal static class WindowsStopTimeout
{
    private const string Desktop = @"HKEY_CURRENT_USER\Control Panel\Desktop";
    private const string Control = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control";

    /// <summary>What is left of it to leave in: a process that is let go in time is not shown to the user as one that hangs.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>What is left of it when the thread of the system is let go: less, so that what the manager says as it leaves is said in time.</summary>
    public static TimeSpan HoldMargin { get; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Where nobody has set another.</summary>
    public static TimeSpan Default { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The same for a service.</summary>
    public static TimeSpan DefaultOfService { get; } = TimeSpan.FromSeconds(20);

    /// <summary>What this process can count on, whichever event it is.</summary>
    [SupportedOSPlatform("windows")]
    public static TimeSpan Shortest => WindowsRole.IsService ? OnServiceShutdown : OnClose < OnShutdown ? OnClose : OnShutdown;

    [SupportedOSPlatform("windows")]
    private static TimeSpan OnClose => Read(Desktop, "HungAppTimeout", Default);

    [SupportedOSPlatform("windows")]
    private static TimeSpan OnShutdown => Read(Desktop, "WaitToKillAppTimeout", Default);

    [SupportedOSPlatform("windows")]
    private static TimeSpan OnServiceShutdown => Read(Control, "WaitToKillServiceTimeout", DefaultOfService);

    /// <summary>What there is for an event.</summary>
    public static TimeSpan Of(ShutdownSignal @event) => !OperatingSystem.IsWindows() ? Default
        : @event == ShutdownSignal.CTRL_CLOSE_EVENT ? OnClose
        : WindowsRole.IsService ? OnServiceShutdown
        : OnShutdown;

    [SupportedOSPlatform("windows")]
    private static TimeSpan Read(string key, string name, TimeSpan orElse)
    {
        try
        {
            return Parse(Registry.GetValue(key, name, null), orElse);
        }
        catch (Exception e) when (e is System.Security.SecurityException or UnauthorizedAccessException or IOException)
        {
            return orElse;
        }
    }

    /// <summary>The value is text by tradition, and a number on some machines.</summary>
    internal static TimeSpan Parse(object? value, TimeSpan orElse) => value switch
    {
        int number and > 0 => TimeSpan.FromMilliseconds(number),
        string text when int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 => TimeSpan.FromMilliseconds(number),
        _ => orElse,
    };
}
