using System.Text;

namespace SignalStreams.Tool;

/// <summary>Splits a line into arguments as a POSIX shell does with quotes and backslashes, and expands nothing.</summary>
/// <remarks>XCU 2.2, "Quoting". On Windows a backslash is a character like others, as in its paths, unless a quotation mark follows.</remarks>
internal static class CommandLineSplitter
{
    /// <returns>Null when a quotation mark is not closed.</returns>
    public static IReadOnlyList<string>? Split(string line, bool isWindows)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char? quote = null;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && quote != '\'' && i + 1 < line.Length && IsEscape(line[i + 1], quote, isWindows))
            {
                i++;
                // A line feed behind a backslash continues the line.
                _ = line[i] == '\n' ? word : (word ??= new StringBuilder()).Append(line[i]);
            }
            else if (quote is not null)
            {
                _ = c == quote ? Close(ref quote, word!) : word!.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (c is ' ' or '\t' or '\n' or '\r')
            {
                if (word is not null)
                {
                    words.Add(word.ToString());
                    word = null;
                }
            }
            else
            {
                (word ??= new StringBuilder()).Append(c);
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return quote is null ? words : null;
    }

    private static bool IsEscape(char next, char? quote, bool isWindows) =>
        isWindows ? next == '"' : quote == '"' ? next is '"' or '\\' or '$' or '`' or '\n' : true;

    private static StringBuilder Close(ref char? quote, StringBuilder word)
    {
        quote = null;
        return word;
    }
}
