using System.Text;

namespace SignalStreams.Tool;

/// <summary>Reads a file of lines NAME=VALUE, for <c>run --env-file</c> and for the env-file of a launch.</summary>
/// <remarks>Empty lines and lines that begin with # say nothing; "export " before a name is passed over. A value in single quotes is taken as it is, one in
/// double quotes knows \n, \t, \r, \", \\ and \$; a value without quotes ends before " #". Nothing is expanded and nothing is run. No error shows a value:
/// such files hold secrets.</remarks>
internal static class EnvironmentFile
{
    /// <exception cref="FormatException">The file cannot be read, or a line of it is none of these; says which.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string path)
    {
        var errors = new SchemaErrors(path);
        var text = TextFile.Read(path, out var problem, out var remedy) ?? throw new FormatException($"{path}: {problem}. {remedy}.");
        var variables = Parse(text, path, errors);
        return errors.Any ? throw new FormatException(string.Join('\n', errors.All)) : variables;
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

    /// <summary>Reads NAME=VALUE of a command line, where the shell has dealt with quotes; or NAME for what this process has under that name.</summary>
    public static bool TryParse(string text, out string name, out string? value)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        name = equals < 0 ? text.TrimEnd() : text[..equals];
        value = equals < 0 ? Environment.GetEnvironmentVariable(name) : text[(equals + 1)..];
        return name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || c == '\0') && value?.Contains('\0', StringComparison.Ordinal) != true;
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
