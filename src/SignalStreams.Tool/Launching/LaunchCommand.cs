using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary><c>signalstreams launch</c>.</summary>
internal static class LaunchCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Arity = ArgumentArity.ZeroOrOne, Description = "The launch file. Default: drekar-launch.yaml, then signalstreams.yaml, in the current folder." };
        var config = new Option<string?>("--config") { HelpName = "FILE", Description = "The launch file, as drekar-launch names it." };
        var template = new Option<string?>("--config-j2") { HelpName = "FILE", Description = "A Jinja template of a launch file; says how to render it first." };
        var cwd = new Option<string?>("--cwd") { HelpName = "DIR", Description = "What relative paths of the file start from, and where tasks run that name no folder. Default: the current folder." };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "A name for the launch in place of the file's." };
        var quiet = new Option<bool>("--quiet") { Description = "Does not print what the tasks write." };
        var gui = new Option<bool>("--gui") { Description = "Accepted for drekar-launch's sake: the live table stands in its place." };
        var check = new Option<bool>("--check") { Description = "Prints all errors of the file, or the order of the start; starts nothing." };
        var plain = new Option<bool>("--plain") { Description = "Prints lines in a terminal too, in place of the live table." };
        var timeline = new Option<string?>("--timeline") { HelpName = "FILE", Description = "Draws how the launch was stopped into an SVG file." };
        var logDir = new Option<string?>("--log-dir") { HelpName = "DIR", Description = "Where the folder of logs is made. Default: $XDG_STATE_HOME or ~/.local/state, signalstreams/log/NAME." };
        var noLogs = new Option<bool>("--no-logs") { Description = "Keeps no logs." };
        var only = new Option<string[]>("--only") { HelpName = "TASK", Description = "Starts these tasks and what they depend on, and no others.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("launch", "Starts the programs of a file in order, watches over them, and stops them in the reverse order.")
        {
            file, config, template, cwd, name, quiet, gui, check, plain, timeline, logDir, noLogs, only,
        };

        // --var-NAME=VALUE, which has any name.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((result, _) => new LaunchSession(new LaunchOptions
        {
            File = result.GetValue(file),
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
            Rest = result.UnmatchedTokens,
        }).RunAsync());
        return command;
    }
}
