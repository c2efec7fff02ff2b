using System.Text;

namespace SignalStreams.Tool;

/// <summary>Puts variables in the place of ${NAME}, for tasks that ask for it; $$ is a dollar sign.</summary>
internal static class EnvironmentExpansion
{
    /// <summary>The text with its variables; what is missing is told.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> environment, Action<string> missing)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
            }
            else if (text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (text[i + 1] == '{' && text.IndexOf('}', i) is > 0 and var end)
            {
                var name = text[(i + 2)..end];
                if (environment.TryGetValue(name, out var value))
                {
                    result.Append(value);
                }
                else
                {
                    missing(name);
                }

                i = end;
            }
            else
            {
                result.Append('$');
            }
        }

        return result.ToString();
    }
}
