using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>Takes values of a type out of nodes, and notes what is of another.</summary>
internal sealed class NodeReader(SchemaErrors errors)
{
    public SchemaErrors Errors => errors;

    /// <summary>Notes the keys that nobody knows.</summary>
    public void CheckKeys(YamlNode.Mapping map, string where, params string[] known)
    {
        foreach (var entry in map.Entries.Where(entry => !known.Contains(entry.Key.Text)))
        {
            var meant = Suggestion.For(entry.Key.Text, known);
            errors.Add(
                entry.Key,
                $"{where} has no key '{Shorten(entry.Key.Text)}'",
                meant is null ? $"The keys are {string.Join(", ", known)}" : $"Did you mean '{meant}'?".TrimEnd('?') + "? Otherwise remove it");
        }
    }

    /// <summary>A value of any scalar type, as it is written.</summary>
    public string? Text(YamlNode node, string what, bool mayBeEmpty = false)
    {
        if (node is not YamlNode.Scalar { IsNull: false } scalar)
        {
            errors.Add(node, $"{what} is {node.Kind}, and has to be text", mayBeEmpty ? "Write \"\" for empty text" : "Write one value behind the colon");
            return null;
        }

        if (scalar.Text.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add(node, $"{what} contains a NUL character, which no program can be given", "Remove it");
            return null;
        }

        if (!mayBeEmpty && scalar.Text.Length == 0)
        {
            errors.Add(node, $"{what} is empty", "Write some text, or remove the key");
            return null;
        }

        return scalar.Text;
    }

    public bool? Bool(YamlNode node, string what)
    {
        if (node is YamlNode.Scalar { IsPlain: true } scalar && AsBool(scalar.Text) is { } value)
        {
            return value;
        }

        errors.Add(node, $"{what} is {Shown(node)}, and has to be true or false", "Write true or false without quotes");
        return null;
    }

    public TimeSpan? Time(YamlNode node, string what, bool mayBeZero = true)
    {
        if (node is YamlNode.Scalar scalar && Durations.TryParse(scalar.Text, out var time) && (mayBeZero || time > TimeSpan.Zero))
        {
            return time;
        }

        errors.Add(node, $"{what} is {Shown(node)}, and has to be a time{(mayBeZero ? "" : " longer than 0")}", "Write seconds, or a number with ms, s, m or h: 1.5, 500ms, 2m; 49 days at most");
        return null;
    }

    public int? Count(YamlNode node, string what)
    {
        if (node is YamlNode.Scalar scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count;
        }

        errors.Add(node, $"{what} is {Shown(node)}, and has to be a whole number from 0 up", "Write digits only");
        return null;
    }

    public static string Shown(YamlNode node) => node is YamlNode.Scalar { IsNull: false } scalar ? $"'{Shorten(scalar.Text)}'" : node.Kind;

    /// <summary>The words that YAML 1.1, the original's, takes for true and false.</summary>
    public static bool? AsBool(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    public static string Shorten(string text) => SafeText.Line(text.Length > 60 ? $"{text[..60]}..." : text);
}
