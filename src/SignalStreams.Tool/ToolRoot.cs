using System.CommandLine;
using System.CommandLine.Help;

namespace SignalStreams.Tool;

/// <summary>The command with all its subcommands.</summary>
internal static class ToolRoot
{
    private static readonly (string Heading, string Text)[] Sections =
    [
        ("Examples", """
            signalstreams watch                          which signals arrive here, and who sends them
            signalstreams send HUP 1234                  reload
            signalstreams stop 1234 --tree               end a process and its descendants: SIGTERM, 4 s, SIGKILL
            signalstreams run -- server --port 8080      supervise a child; fit to be process 1 of a container
            signalstreams launch services.yaml           start many in order, and stop them in reverse; reads drekar-launch's files
            """),
        ("Exit codes", """
            0 done, 2 the command line is wrong, others by command: see COMMAND --help.
            Colours only on a terminal, and none when NO_COLOR is set.
            """),
    ];

    private static readonly (string Name, Func<Command> Create)[] Commands =
    [
        ("watch", WatchCommand.Create),
        ("send", SendCommand.Create),
        ("stop", StopCommand.Create),
        (RunCommand.Name, RunCommand.Create),
        ("launch", LaunchCommand.Create),
        ("completion", CompletionCommand.Create),
    ];

    /// <param name="first">The first word of the command line. Where it names a command, that one is made alone: the others are paid for by whoever waits for
    /// <c>run</c> to start its child.</param>
    public static RootCommand Create(string? first = null)
    {
        var root = new RootCommand("Watch signals, send them, stop processes by a plan, and run children that end well.");
        var named = Array.FindIndex(Commands, command => command.Name == first);
        foreach (var (_, create) in named < 0 ? Commands : Commands.AsSpan(named, 1))
        {
            root.Subcommands.Add(create());
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new TeachingHelp((HelpAction)help.Action!, Sections);
        }

        return root;
    }
}
