using System.Globalization;
using System.Text;

namespace SignalStreams.Tool;

/// <summary>Makes text fit for one line of a terminal.</summary>
internal static class SafeText
{
    /// <summary>The text without escape sequences, and with a dot or a blank for what else moves a cursor or turns the direction of writing.</summary>
    public static string Line(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e')
            {
                i = SkipSequence(text, i);
            }
            else if (text[i] == '\t')
            {
                safe.Append(' ');
            }
            else if (char.IsSurrogatePair(text, i) && CharUnicodeInfo.GetUnicodeCategory(text, i) is not (UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned))
            {
                safe.Append(text, i++, 2);
            }
            else
            {
                safe.Append(char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate ? '\u00b7' : text[i]);
            }
        }

        return safe.ToString();
    }

    // ECMA-48: ESC [ parameters, intermediates, a final letter; ESC ] text up to BEL or ESC \; otherwise ESC and one character.
    private static int SkipSequence(string text, int i)
    {
        if (i + 1 >= text.Length)
        {
            return i;
        }

        if (text[i + 1] == '[')
        {
            for (i += 2; i < text.Length && text[i] is >= ' ' and <= '?'; i++)
            {
            }

            return i;
        }

        if (text[i + 1] == ']')
        {
            for (i += 2; i < text.Length && text[i] is not ('\a' or '\e'); i++)
            {
            }

            return i + 1 < text.Length && text[i] == '\e' && text[i + 1] == '\\' ? i + 1 : i;
        }

        return i + 1;
    }
}
