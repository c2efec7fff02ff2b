using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary><c>signalstreams stop</c>.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var processes = ProcessList.Create("Whom to stop; several are stopped side by side.");
        var plan = StopPlanOption.Create("Which signals, and how long each is given: default (TERM:4s,KILL), interactive (INT:15s/1s,KILL), or one of your own.");
        var signal = new Option<ShutdownSignal?>("--signal", "-s")
        {
            HelpName = "SIGNAL",
            Description = "The first signal, where the rest of the plan is the default's.",
            CustomParser = result => SignalList.ParseOne(result),
        };
        SignalList.AddTo(signal);
        var timeout = DurationOption.Create("--timeout", "TIME", "How long it is given before SIGKILL, where the rest of the plan is the default's.");
        var tree = new Option<bool>("--tree", "-t") { Description = "Stop each process with all its descendants, also those that are born meanwhile." };
        var group = new Option<bool>("--group", "-g") { Description = "PID names a process group; all of its members are stopped." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line: each step, and each outcome." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print nothing but errors; the exit code says how it came out." };

        var command = new ToolCommand("stop", "Stop processes, groups or trees by a plan: ask, wait, ask again, and in the end kill.")
        {
            Sections =
            [
                ("Examples", """
                    signalstreams stop 1234                            SIGTERM, 4 s, SIGKILL
                    signalstreams stop 1234 1240 --tree --timeout 30s  two trees side by side
                    signalstreams stop 1234 --plan interactive         Ctrl-C each second for 15 s, then SIGKILL
                    signalstreams stop 1234 --plan INT:15s/1s,TERM:5s,KILL
                    signalstreams stop 1234 --plan TERM:1m             asks only, and never kills
                    """),
                ("Plans", """
                    SIGNAL[:PATIENCE[/REPEAT]],...
                    Each step sends its signal, again each REPEAT, and goes on when PATIENCE has passed. Times are 500ms, 4s, 1m30s; a bare
                    number is seconds; a patience can be forever. Without a patience: 4s, and 2s for KILL.
                    """),
                ("While it runs", """
                    Ctrl-C goes to the next step at once, again and again; in the last step it gives up, and the command ends by SIGINT.
                    """),
                ("Exit codes", """
                    0  all have ended, without SIGKILL; or had ended before
                    2  the command line is wrong; nothing was sent
                    4  still running, since it belongs to somebody else
                    5  still running, since this platform cannot bring it the signals
                    6  all have ended; SIGKILL was needed
                    7  still running, though the plan is over
                    Where several came out differently, the highest.
                    """),
                ("JSON", """
                    {"event": "step", "target": "process 12 (bash)", "pid": 12, "step": 0, "signal": "SIGTERM", "attempt": 1,
                     "patienceMilliseconds": 4000, "elapsedMilliseconds": 0, "remaining": [{"pid": 12, "name": "bash"}], "failures": []}
                    {"event": "outcome", "target": "process 12 (bash)", "pid": 12, "result": "graceful", "elapsedMilliseconds": 31,
                     "lastSignal": "SIGTERM", "exit": null, "remaining": [], "failures": []}
                    result: alreadyGone, graceful, killed, stillAlive, aborted. A patience of null is forever.
                    failures: {"pid": 1, "name": "init", "signal": "SIGTERM", "reason": "notPermitted"}; or gone, notDeliverable.
                    """),
            ],
        };
        command.Arguments.Add(processes);
        foreach (var option in new Option[] { plan, signal, timeout, tree, group, json, quiet })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(processes) is not { Tokens.Count: > 0 })
            {
                result.AddError("No process id was given: signalstreams stop PID...");
            }

            if (result.GetResult(plan) is { Implicit: false } && (result.GetResult(signal) is not null || result.GetResult(timeout) is not null))
            {
                result.AddError("--plan says it all: neither --signal nor --timeout can be given with it.");
            }

            if (result.GetValue(group) && Targets.WhyNoGroups is { } reason)
            {
                result.AddError(reason);
            }

            if (result.GetValue(group) && result.GetValue(tree))
            {
                result.AddError("--group and --tree exclude each other.");
            }

            if (result.GetValue(json) && result.GetValue(quiet))
            {
                result.AddError("--json and --quiet exclude each other.");
            }
        });
        command.SetAction((result, _) =>
        {
            var chosen = result.GetValue(plan) ?? ShortPlan(result.GetValue(signal), result.GetValue(timeout));
            var kind = result.GetValue(group) ? ProcessTargetKind.Group : result.GetValue(tree) ? ProcessTargetKind.Tree : ProcessTargetKind.Process;
            var view = result.GetValue(json) ? StopView.Json : result.GetValue(quiet) ? StopView.Quiet : StopView.Auto;

            // The library leaves out this process and those above it; what is left of such a tree is not what was asked for.
            return kind == ProcessTargetKind.Tree && Array.Find(result.GetValue(processes)!, OwnAncestors.Contains) is not 0 and var own
                ? Task.FromResult(UsageErrors.Report(command, $"Process {own} with --tree: this command descends from it, and would be stopped before it is done. Leave --tree out, or start the command elsewhere."))
                : StopRun.RunAsync([.. result.GetValue(processes)!.Select(id => new StopTask(kind, id, chosen))], view);
        });
        return command;
    }

    private static StopPlan ShortPlan(ShutdownSignal? signal, TimeSpan? timeout) => signal is null && timeout is null
        ? StopPlan.Default
        : StopPlan.Send(signal ?? ShutdownSignal.SIGTERM, timeout ?? StopPlan.Default.Steps[0].Patience).ThenKill();
}
