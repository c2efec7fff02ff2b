using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>Process ids on the command line.</summary>
internal static class ProcessList
{
    public static Argument<int[]> Create(string description)
    {
        var argument = new Argument<int[]>("PID") { HelpName = "PID", Description = description, Arity = ArgumentArity.ZeroOrMore, CustomParser = Parse };
        argument.CompletionSources.Add(_ => Running());
        return argument;
    }

    private static int[] Parse(ArgumentResult result)
    {
        var ids = new List<int>();
        foreach (var token in result.Tokens)
        {
            if (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == 0)
            {
                result.AddError($"'{token.Value}' is no process id: a positive number is. A group is named by its id and --group.");
            }
            else if (!ids.Contains(id))
            {
                ids.Add(id);
            }
        }

        return [.. ids];
    }

    private static IEnumerable<string> Running() => !Directory.Exists("/proc/self") ? []
        : Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => char.IsAsciiDigit(name[0]));
}
