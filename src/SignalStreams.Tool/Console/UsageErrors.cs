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
            var near = result.UnmatchedTokens is [var first, ..] ? Suggestion.For(first, command.Subcommands.Select(known => known.Name)) : null;
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
}
