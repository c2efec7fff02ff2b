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

            if (Find(options, word) is { Arity.MinimumNumberOfValues: > 0 })
            {
                i++;
            }
        }

        return arguments;
    }

    /// <summary>The first word among the options that is none, which System.CommandLine would take for the beginning of the command; null without.</summary>
    public static string? UnknownOption(IReadOnlyList<string> separated, Command root)
    {
        if (separated is not [RunCommand.Name, ..])
        {
            return null;
        }

        var options = root.Subcommands.First(command => command.Name == RunCommand.Name).Options.Concat(root.Options.Where(option => option.Recursive)).ToList();
        for (var i = 1; i < separated.Count && separated[i] != "--"; i++)
        {
            var word = separated[i];
            var option = Find(options, word);
            var isCluster = word.Length > 2 && word[1] != '-' && Find(options, word[..2]) is not null;
            if (option is null && !isCluster && Find(options, word.Split('=', ':')[0]) is null)
            {
                return word;
            }

            i += option is { Arity.MinimumNumberOfValues: > 0 } ? 1 : 0;
        }

        return null;
    }

    private static Option? Find(IEnumerable<Option> options, string word) => options.FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word));
}
