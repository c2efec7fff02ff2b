using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary><c>signalstreams watch</c>.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var signals = new Argument<ShutdownSignal[]>("SIGNALS")
        {
            HelpName = "SIGNALS",
            Description = "What to listen to: names or numbers in any form, by space or comma. Default: all that can be, but SIGCHLD, SIGTTIN and SIGTTOU.",
            Arity = ArgumentArity.ZeroOrMore,
            CustomParser = result =>
            {
                var list = SignalList.Parse(result);
                try
                {
                    return list.Length == 0 ? list : SignalDoor.Check(list, "");
                }
                catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
                {
                    result.AddError(e.Message);
                    return [];
                }
            },
        };
        SignalList.AddTo(signals);
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var count = new Option<int?>("--count", "-n") { Description = "End after so many signals.", HelpName = "N" };
        count.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1)
            {
                result.AddError("--count must be 1 or more.");
            }
        });

        var command = new ToolCommand("watch", "Print every signal that arrives, with its time, its origin and its value.")
        {
            Sections =
            [
                ("Examples", """
                    signalstreams watch                    all of them, until the second Ctrl-C
                    signalstreams watch hup,usr1 RTMIN+3   these three
                    signalstreams watch --json -n 1 TERM | jq .origin.pid
                    """),
                ("How it ends", """
                    On the second SIGINT (the first is printed like any other), after --count signals, and when nobody reads the output any more; always with 0.
                    Where SIGINT is ignored since the start (a shell's &), the second SIGTERM does it.
                    Without SIGINT among SIGNALS the first Ctrl-C ends it, as it ends any program.
                    Its process id and the line 'ready' are printed first, on standard error: from then on no signal is missed.
                    """),
                ("JSON", """
                    {"time": "2026-01-31T12:00:00.1234567+00:00",   when the handler ran
                     "sequence": 1,                                  its place in the order, from 1 up
                     "signal": "SIGTERM", "number": 15,
                     "count": 1,                                     more where repeats were merged
                     "origin": {"kind": "process",                   process, queue, kernel, terminal, timer, self, unknown, ...
                                "pid": 1, "name": "systemd", "uid": 0},
                     "value": null}                                  what sigqueue(3) sent along
                    pid, name, uid and value are null where the system does not tell. A pid of 0 is a sender outside this pid namespace.
                    """),
            ],
        };
        command.Arguments.Add(signals);
        command.Options.Add(json);
        command.Options.Add(count);
        command.SetAction((result, _) => Watch.RunAsync(
            result.GetValue(signals) is { Length: > 0 } given ? given : Watch.DefaultSignals, result.GetValue(json), result.GetValue(count)));
        return command;
    }
}
