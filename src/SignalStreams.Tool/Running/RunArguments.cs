using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary>Finds where the options of <c>run</c> end and the command begins, when no -- says so: at the first word that is neither an option nor its value.</summary>
/// <remarks>As env(1), nohup(1) and tini do. What follows is the command's, whatever it looks like.</remarks>
internal static class RunArguments
{
    public static IReadOnlyList<string> Separate(IReadOnlyList<string> arguments, Command root)
    {
        if (arguments is not [RunCommand.Name, ..])
        {
            return arguments;
        }

        var options = root.Subcommands.First(command => command.Name == RunCommand.Name).Options;
        for (var i = 1; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                return arguments;
            }

            if (!word.StartsWith('-') || word == "-")
            {
                return [.. arguments.Take(i), "--", .. arguments.Skip(i)];
            }

            if (options.FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word)) is { Arity.MinimumNumberOfValues: > 0 })
            {
                i++;
            }
        }

        return arguments;
    }
}
