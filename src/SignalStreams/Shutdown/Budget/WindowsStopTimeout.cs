using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32;

namespace SignalStreams;

/// <summary>How long Windows waits after it has told a console program to end.</summary>
/// <remarks>CLOSE: HungAppTimeout; LOGOFF and SHUTDOWN: WaitToKillAppTimeout; both in milliseconds, and 5 s where nobody has set them
/// (microsoft/terminal, doc/ConsoleCtrlEvent.md).</remarks>
[SupportedOSPlatform("windows")]
internal static class WindowsStopTimeout
{
    private const string Desktop = @"HKEY_CURRENT_USER\Control Panel\Desktop";

    private static readonly TimeSpan Default = TimeSpan.FromSeconds(5);

    public static TimeSpan Shortest => OnClose < OnShutdown ? OnClose : OnShutdown;

    public static TimeSpan OnClose => Read("HungAppTimeout");

    public static TimeSpan OnShutdown => Read("WaitToKillAppTimeout");

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
