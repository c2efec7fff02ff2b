namespace SignalStreams;

/// <summary>A short name for what was given as an expression, which may be a page of code.</summary>
internal static class ExpressionName
{
    private const int Longest = 60;

    public static string Shorten(string name)
    {
        var line = name.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return end < 0 && line.Length <= Longest ? line.ToString() : $"{line[..Math.Min(line.Length, Longest)]}...";
    }
}
