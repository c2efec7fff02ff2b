namespace SignalStreams.Tool;

/// <summary>The few colours of plain lines.</summary>
internal static class Style
{
    public static string Bold(string text, bool isOn) => Wrap("1", text, isOn);

    public static string Dim(string text, bool isOn) => Wrap("2", text, isOn);

    public static string Red(string text, bool isOn) => Wrap("31", text, isOn);

    public static string Green(string text, bool isOn) => Wrap("32", text, isOn);

    public static string Yellow(string text, bool isOn) => Wrap("33", text, isOn);

    private static string Wrap(string code, string text, bool isOn) => isOn ? $"\e[{code}m{text}\e[0m" : text;
}
