using System.Text;

namespace SignalStreams.Tool;

/// <summary>Reads a file of lines NAME=VALUE.</summary>
/// <remarks>Empty lines and lines that begin with # say nothing; "export " before a name is passed over. A value in single quotes is taken as it is, one in
/// double quotes knows \n, \t, \r, \", \\ and \$; a value without quotes ends before " #". Nothing is expanded and nothing is run.</remarks>
internal static class EnvironmentLines
{
    private const int Largest = 4 * 1024 * 1024;

    public static IEnumerable<KeyValuePair<string, string>> Read(string path, SchemaErrors errors, YamlNode at)
    {
        string text;
        try
        {
            // Not asked for its length first: a device has none, and no end either.
            if (BoundedText.Read(path, Largest) is not { } all)
            {
                errors.Add(at, $"the env-file {path} is larger than 4 MiB", "Name a file of lines NAME=VALUE");
                return [];
            }

            text = all;
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors.Add(at, $"the env-file cannot be read: {bad.Message.TrimEnd('.')}", "A relative path starts from the working directory of the launch (--cwd)");
            return [];
        }

        return Parse(text, path, errors);
    }

    public static List<KeyValuePair<string, string>> Parse(string text, string path, SchemaErrors errors)
    {
        List<KeyValuePair<string, string>> variables = [];
        var number = 0;
        foreach (var full in text.Split('\n'))
        {
            number++;
            var line = full.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("export ", StringComparison.Ordinal))
            {
                line = line["export ".Length..].TrimStart();
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? line[..equals].TrimEnd() : "";
            if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '\0'))
            {
                errors.Add(new SchemaError(path, number, 1, "this is no line NAME=VALUE", "Write one, or put # before it"));
            }
            else if (Value(line[(equals + 1)..].TrimStart()) is { } value && !value.Contains('\0', StringComparison.Ordinal))
            {
                variables.Add(new(name, value));
            }
            else
            {
                errors.Add(new SchemaError(path, number, full.IndexOf('=', StringComparison.Ordinal) + 2, $"the value of {name} has no closing quotation mark, or something behind it", "Close it on the same line; write \\n for a line feed within double quotes"));
            }
        }

        return variables;
    }

    private static string? Value(string text)
    {
        if (text.Length == 0 || text[0] is not ('"' or '\''))
        {
            var comment = text.StartsWith('#') ? 0 : text.IndexOf(" #", StringComparison.Ordinal);
            return (comment < 0 ? text : text[..comment]).TrimEnd();
        }

        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == text[0])
            {
                var rest = text[(i + 1)..].TrimStart();
                return rest.Length == 0 || rest[0] == '#' ? value.ToString() : null;
            }

            if (text[i] == '\\' && text[0] == '"' && i + 1 < text.Length)
            {
                i++;
                _ = text[i] switch
                {
                    'n' => value.Append('\n'),
                    't' => value.Append('\t'),
                    'r' => value.Append('\r'),
                    '"' or '\\' or '$' => value.Append(text[i]),
                    _ => value.Append('\\').Append(text[i]),
                };
            }
            else
            {
                value.Append(text[i]);
            }
        }

        return null;
    }
}
