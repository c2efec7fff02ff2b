using System.CommandLine;
using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>A shell's request for completions, <c>[suggest:POSITION] "LINE"</c>, in the words of System.CommandLine.</summary>
/// <remarks>That takes the first word of a line for the command when it is the name of the program's assembly, and ours is called otherwise; a shell gives it as it was typed.</remarks>
internal static class CompletionRequest
{
    private const string Start = "[suggest:";

    public static IReadOnlyList<string> Adapt(IReadOnlyList<string> arguments, RootCommand root)
    {
        if (arguments is not [var directive, var line] || !directive.StartsWith(Start, StringComparison.Ordinal)
            || !int.TryParse(directive.AsSpan(Start.Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return arguments;
        }

        var end = line.IndexOf(' ', StringComparison.Ordinal) is var space and >= 0 ? space : line.Length;
        return [string.Create(CultureInfo.InvariantCulture, $"{Start}{Math.Max(0, Math.Min(position, line.Length) - end + root.Name.Length)}]"), root.Name + line[end..]];
    }
}
