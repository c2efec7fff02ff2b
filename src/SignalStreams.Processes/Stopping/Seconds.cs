using System.Globalization;

namespace SignalStreams;

/// <summary>Times as people read them.</summary>
internal static class Seconds
{
    /// <summary>"4 s", "0.35 s".</summary>
    public static string Format(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    /// <summary>For what was measured: "0.3 s", and "0.004 s" for what is quicker than that.</summary>
    public static string FormatMeasured(TimeSpan time) =>
        time < TimeSpan.FromSeconds(0.1) ? Format(time) : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
