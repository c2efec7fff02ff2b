using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary><c>signalstreams launch</c>.</summary>
internal static class LaunchCommand
{
    private static readonly (string Heading, string Text)[] Sections =
    [
        ("Example of a file", """
            name: shop
            tasks:
              - name: db
                program: ./db
                args: --port 5432
                ready: {tcp: localhost:5432}
              - name: web
                program: ./web
                depends-on: [db]
                restart: on-failure
            """),
        ("Stopping", """
            Ctrl-C (and SIGTERM, SIGHUP, SIGQUIT, a closed terminal) stops all: dependants first, each by its plan
            (SIGINT each second for 15 s, then SIGKILL). A second Ctrl-C hurries, a third kills everything at once.
            """),
        ("Exit codes", """
            0    stopped by a signal and all gone, or every task ended with 0
            1    the file has errors, or a task that others need did not come up
            2    the command line is wrong
            7    something could not be ended
            124  a task was not ready in time
            126  a task could not be started
            else that of the task that ended the launch (128+n for a signal); 128+n after a third Ctrl-C
            """),
    ];

    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = "The launch file. Default: drekar-launch.yaml, then signalstreams.yaml, in the current folder." };
        var config = new Option<string?>("--config") { HelpName = "FILE", Description = "The launch file, as drekar-launch names it." };
        var template = new Option<string?>("--config-j2") { HelpName = "FILE", Description = "A Jinja template of a launch file; says how to render it first." };
        var cwd = new Option<string?>("--cwd") { HelpName = "DIR", Description = "What relative paths of the file start from, and where tasks run that name no folder. Default: the current folder." };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "A name for the launch in place of the file's." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Does not print what the tasks write." };
        var gui = new Option<bool>("--gui") { Description = "Accepted for drekar-launch's sake: the live table stands in its place." };
        var check = new Option<bool>("--check") { Description = "Prints all errors of the file, or the order of the start; starts nothing." };
        var plain = new Option<bool>("--plain") { Description = "Prints lines in a terminal too, in place of the live table." };
        var timeline = new Option<string?>("--timeline") { HelpName = "FILE", Description = "Draws how the launch was stopped into an SVG file." };
        var logDir = new Option<string?>("--log-dir") { HelpName = "DIR", Description = "Where the folder of logs is made. Default: $XDG_STATE_HOME or ~/.local/state, signalstreams/log/NAME." };
        var noLogs = new Option<bool>("--no-logs") { Description = "Keeps no logs." };
        var only = new Option<string[]>("--only") { HelpName = "TASK", Description = "Starts these tasks and what they depend on, and no others.", AllowMultipleArgumentsPerToken = true };
        var command = new ToolCommand("launch", "Starts the programs of a file in order, watches over them, and stops them in the reverse order.") { Sections = Sections };
        command.Arguments.Add(file);
        foreach (var option in (Option[])[config, template, cwd, name, quiet, gui, check, plain, timeline, logDir, noLogs, only])
        {
            command.Options.Add(option);
        }

        // --var-NAME=VALUE, which has any name.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((result, _) => new LaunchSession(Options(result)).RunAsync());
        return command;

        LaunchOptions Options(ParseResult result)
        {
            // With words allowed that nobody knows, the first of them is taken for the file, whatever it looks like.
            string[] words = [.. result.GetValue(file) is { } first ? [first] : Array.Empty<string>(), .. result.UnmatchedTokens];
            var named = words.FirstOrDefault(word => !word.StartsWith('-'));
            return new LaunchOptions
            {
                File = named,
                Config = result.GetValue(config),
                Template = result.GetValue(template),
                WorkingDirectory = result.GetValue(cwd),
                Name = result.GetValue(name),
                IsQuiet = result.GetValue(quiet),
                WantsGui = result.GetValue(gui),
                OnlyChecks = result.GetValue(check),
                IsPlain = result.GetValue(plain),
                TimelineFile = result.GetValue(timeline),
                LogFolder = result.GetValue(logDir),
                HasNoLogs = result.GetValue(noLogs),
                Only = result.GetValue(only) ?? [],
                Rest = [.. words.Where(word => !ReferenceEquals(word, named))],
                Known = [.. command.Options.Select(option => option.Name)],
            };
        }
    }
}
