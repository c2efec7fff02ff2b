using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary><c>signalstreams send</c>.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var signal = new Argument<ShutdownSignal?>("SIGNAL")
        {
            HelpName = "SIGNAL",
            Description = "The signal, in any form: TERM, SIGTERM, 15, RTMIN+3.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => SignalList.ParseOne(result),
        };
        SignalList.AddTo(signal);
        var processes = ProcessList.Create("To whom.");
        var group = new Option<bool>("--group", "-g") { Description = "PID names a process group; all of its members are sent the signal." };
        var tree = new Option<bool>("--tree", "-t") { Description = "To each process and all its descendants, the youngest first." };
        var value = new Option<int?>("--value", "-v") { Description = "A value to send along (sigqueue(3)).", HelpName = "N" };
        var list = new Option<bool>("--list", "-l") { Description = "List the signals of this platform: number and name." };

        var command = new ToolCommand("send", "Send a signal to processes, groups or trees.")
        {
            Sections =
            [
                ("Examples", """
                    signalstreams send HUP 1234              reload
                    signalstreams send int --group 1234      what Ctrl-C does
                    signalstreams send RTMIN+3 1234 --value 42
                    signalstreams send --list | grep USR
                    """),
                ("Exit codes", """
                    0  all were sent it
                    2  the command line is wrong; nothing was sent
                    3  a process has ended, or there never was one
                    4  a process belongs to somebody else
                    5  this platform cannot bring this signal to that process
                    Where several failed, the highest; each failure is a line on standard error, and hinders no other.
                    """),
            ],
        };
        command.Arguments.Add(signal);
        command.Arguments.Add(processes);
        command.Options.Add(group);
        command.Options.Add(tree);
        command.Options.Add(value);
        command.Options.Add(list);
        command.Validators.Add(result =>
        {
            if (result.GetValue(list))
            {
                return;
            }

            if (result.GetResult(signal) is not { Tokens.Count: > 0 })
            {
                result.AddError("No signal and no process id were given: signalstreams send SIGNAL PID...");
            }
            else if (result.GetResult(processes) is not { Tokens.Count: > 0 })
            {
                result.AddError("No process id was given: signalstreams send SIGNAL PID...");
            }

            if (result.GetValue(group) && Targets.WhyNoGroups is { } reason)
            {
                result.AddError(reason);
            }

            if (result.GetValue(group) && result.GetValue(tree))
            {
                result.AddError("--group and --tree exclude each other.");
            }

            if (result.GetValue(value) is not null && (result.GetValue(group) || result.GetValue(tree)))
            {
                result.AddError("--value goes to single processes only: neither --group nor --tree can be given with it.");
            }
        });
        command.SetAction(result => result.GetValue(list)
            ? SendRun.List()
            : SendRun.Send(result.GetValue(signal)!.Value, result.GetValue(processes)!, KindOf(result.GetValue(group), result.GetValue(tree)), result.GetValue(value)));
        return command;
    }

    private static ProcessTargetKind KindOf(bool group, bool tree) => group ? ProcessTargetKind.Group : tree ? ProcessTargetKind.Tree : ProcessTargetKind.Process;
}
