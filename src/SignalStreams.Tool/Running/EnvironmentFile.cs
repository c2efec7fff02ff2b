using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>A file of environment variables, as <c>docker run --env-file</c> reads them.</summary>
/// <remarks>A line each: NAME=VALUE, the value exactly as it stands, without quotes or escapes to be undone; NAME alone hands on the variable of that name, if there is one; a line
/// that is empty or begins with # says nothing.</remarks>
internal static class EnvironmentFile
{
    private const int Largest = 4 * 1024 * 1024;

    /// <exception cref="FormatException">A line is none of these; says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Read(string path)
    {
        var number = 0;
        using var text = new StringReader(BoundedText.Read(path, Largest) ?? throw new FormatException($"{path} is larger than 4 MiB. Name a file of lines NAME=VALUE."));
        while (text.ReadLine() is { } line)
        {
            number++;
            if (line.AsSpan().TrimStart() is [] or ['#', ..])
            {
                continue;
            }

            if (!TryParse(line.TrimStart(), out var name, out var value))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: '{line}' sets no variable. Write NAME=VALUE."));
            }

            if (value is not null)
            {
                yield return new(name, value);
            }
        }
    }

    /// <summary>Reads NAME=VALUE, or NAME for what this process has under that name.</summary>
    public static bool TryParse(string text, out string name, out string? value)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        name = equals < 0 ? text.TrimEnd() : text[..equals];
        value = equals < 0 ? Environment.GetEnvironmentVariable(name) : text[(equals + 1)..];
        return name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || c == '\0') && value?.Contains('\0', StringComparison.Ordinal) != true;
    }
}
