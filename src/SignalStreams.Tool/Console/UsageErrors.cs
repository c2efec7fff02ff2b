using System.CommandLine;
using System.CommandLine.Invocation;

namespace SignalStreams.Tool;

/// <summary>Says what is wrong with a command line: on standard error, in a line each, with a hint where to look.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult result)
    {
        var command = result.CommandResult.Command;
        if (command is RootCommand)
        {
            var near = result.UnmatchedTokens is [var first, ..] ? Nearest(command, first) : null;
            Output.Problem(result.UnmatchedTokens is [var word, ..] ? $"There is no command '{word}'.{(near is null ? "" : $" Did you mean '{near}'?")}" : "No command was given.");
        }
        else
        {
            foreach (var message in result.Errors.Select(error => error.Message).Distinct())
            {
                Output.Problem(message);
            }
        }

        Output.Note($"Try 'signalstreams {(command is RootCommand ? "" : command.Name + " ")}--help'.");
        return ExitCode.Usage;
    }

    /// <summary>Reports one error that only shows when all options are known.</summary>
    public static int Report(Command command, string message)
    {
        Output.Problem(message);
        Output.Note($"Try 'signalstreams {command.Name} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>Whether a result is an error and not a request for help or for the version.</summary>
    public static bool IsError(ParseResult result) => result.Action is ParseErrorAction;

    private static string? Nearest(Command root, string word) => root.Subcommands
        .Select(command => (command.Name, Distance: Distance(command.Name, word)))
        .Where(candidate => candidate.Distance <= 2)
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    // Levenshtein's, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
