using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32;

namespace SignalStreams;

/// <summary>How long Windows waits after it has told a console program to end.</summary>
/// <remarks>CLOSE: HungAppTimeout; LOGOFF and SHUTDOWN: WaitToKillAppTimeout; both in milliseconds, and 5 s where nobody has set them
/// (microsoft/terminal, doc/ConsoleCtrlEvent.md).</remarks>
internal static class WindowsStopTimeout
{
    private const string Desktop = @"HKEY_CURRENT_USER\Control Panel\Desktop";

    /// <summary>Where nobody has set another.</summary>
    public static TimeSpan Default { get; } = TimeSpan.FromSeconds(5);

    [SupportedOSPlatform("windows")]
    public static TimeSpan Shortest => OnClose < OnShutdown ? OnClose : OnShutdown;

    [SupportedOSPlatform("windows")]
    public static TimeSpan OnClose => Read("HungAppTimeout");

    [SupportedOSPlatform("windows")]
    public static TimeSpan OnShutdown => Read("WaitToKillAppTimeout");

    [SupportedOSPlatform("windows")]
    private static TimeSpan Read(string name)
    {
        try
        {
            return Parse(Registry.GetValue(Desktop, name, null));
        }
        catch (Exception e) when (e is System.Security.SecurityException or IOException)
        {
            return Default;
        }
    }

    /// <summary>The value is text by tradition, and a number on some machines.</summary>
    internal static TimeSpan Parse(object? value) => value switch
    {
        int number and > 0 => TimeSpan.FromMilliseconds(number),
        string text when int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 => TimeSpan.FromMilliseconds(number),
        _ => Default,
    };
}
