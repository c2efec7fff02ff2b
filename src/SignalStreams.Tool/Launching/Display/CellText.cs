using Spectre.Console.Rendering;

namespace SignalStreams.Tool;

/// <summary>Text in the cells of a terminal, where a character can be two cells wide or none.</summary>
internal static class CellText
{
    /// <summary>The text, cut off or filled up to exactly so many cells.</summary>
    public static string Fit(string text, int width)
    {
        if (width <= 0)
        {
            return "";
        }

        var cells = Cells(text);
        if (cells > width)
        {
            text = width == 1 ? "\u2026" : Segment.Truncate(new Segment(text), width - 1)?.Text + "\u2026";
            cells = Cells(text);
        }

        return text + new string(' ', Math.Max(0, width - cells));
    }

    /// <summary>The text in lines of exactly so many cells each.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        while (Cells(text) > width && Segment.Truncate(new Segment(text), width)?.Text is { Length: > 0 } line)
        {
            yield return Fit(line, width);
            text = text[line.Length..];
        }

        yield return Fit(text, width);
    }

    public static int Cells(string text) => new Segment(text).CellCount();
}
