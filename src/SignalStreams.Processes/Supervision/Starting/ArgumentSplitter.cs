using System.Text;

namespace SignalStreams;

/// <summary>Splits a command line into arguments as <see cref="System.Diagnostics.Process"/> does on Unix, which does it as the C runtime of Windows.</summary>
/// <remarks>Blanks and tabs separate; double quotes hold together, and two of them within quotes are one; a backslash means something before a double
/// quote only: two are one, and one makes the quote a character. Single quotes, variables and wildcards mean nothing: no shell is involved.</remarks>
internal static class ArgumentSplitter
{
    public static List<string> Split(string arguments)
    {
        var result = new List<string>();
        var position = 0;
        while (SkipBlanks(arguments, ref position))
        {
            result.Add(Next(arguments, ref position));
        }

        return result;
    }

    private static bool SkipBlanks(string text, ref int position)
    {
        while (position < text.Length && IsBlank(text[position]))
        {
            position++;
        }

        return position < text.Length;
    }

    private static string Next(string text, ref int position)
    {
        var argument = new StringBuilder();
        var isQuoted = false;
        while (position < text.Length)
        {
            var c = text[position];
            if (c == '\\')
            {
                Backslashes(text, ref position, argument);
            }
            else if (c == '"')
            {
                if (isQuoted && position + 1 < text.Length && text[position + 1] == '"')
                {
                    argument.Append('"');
                    position++;
                }
                else
                {
                    isQuoted = !isQuoted;
                }

                position++;
            }
            else if (!isQuoted && IsBlank(c))
            {
                break;
            }
            else
            {
                argument.Append(c);
                position++;
            }
        }

        return argument.ToString();
    }

    private static void Backslashes(string text, ref int position, StringBuilder argument)
    {
        var first = position;
        while (position < text.Length && text[position] == '\\')
        {
            position++;
        }

        var count = position - first;
        if (position == text.Length || text[position] != '"')
        {
            argument.Append('\\', count);
            return;
        }

        argument.Append('\\', count / 2);
        if (count % 2 != 0)
        {
            argument.Append('"');
            position++;
        }
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';
}
