using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace SignalStreams.Tool;

/// <summary>Text in the cells of a terminal, where a character can be two cells wide or none.</summary>
internal static class CellText
{
    /// <summary>The text, cut off or filled up to exactly so many cells.</summary>
    public static string Fit(string text, int width)
    {
        text = Cut(text, width);
        return text + new string(' ', Math.Max(0, width - Cells(text)));
    }

    /// <summary>The text, cut off where it is longer than so many cells.</summary>
    // Not Segment.Truncate, which lets half of a wide character over the edge.
    public static string Cut(string text, int width)
    {
        if (Cells(text) <= width)
        {
            return text;
        }

        var cut = new StringBuilder();
        var left = width - 1;
        for (var parts = StringInfo.GetTextElementEnumerator(text); parts.MoveNext() && (left -= Cells(parts.GetTextElement())) >= 0;)
        {
            cut.Append(parts.GetTextElement());
        }

        return width <= 0 ? "" : cut.Append('\u2026').ToString();
    }

    public static int Cells(string text) => new Segment(text).CellCount();
}
