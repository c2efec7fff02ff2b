using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SignalStreams.Tool;

/// <summary><c>signalstreams run</c>.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultReadyTimeout = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var words = new Argument<string[]>("COMMAND") { HelpName = "COMMAND", Description = "The program and its arguments, exactly as given; no shell is involved.", Arity = ArgumentArity.ZeroOrMore };
        var rewrite = new Option<string[]>("--rewrite", "-r") { HelpName = "FROM:TO", Description = "Forward TO in the place of FROM; a TO of 0 drops it. May be repeated." };
        var group = new Option<bool>("--group", "-g") { Description = "Forward signals to the child's whole process group, not to the child alone." };
        var plan = StopPlanOption.Create("What SIGTERM begins: its first step in the place of forwarding SIGTERM.");
        var grace = DurationOption.Create("--grace", "TIME", "How long the child has after SIGTERM was forwarded, before SIGKILL ends it and all its descendants. Default: 10s.");
        var noEscalation = new Option<bool>("--no-escalation") { Description = "Only forward SIGTERM, and wait for as long as the child takes." };
        var subreaper = new Option<bool>("--subreaper", "-s") { Description = "Adopt and reap orphans also when this is not process 1." };
        var expect = new Option<int[]>("--expect-exit-code", "-e") { HelpName = "CODE", Description = "Exit with 0 where the child's code (128+n for a signal) is this. May be repeated." };
        var restart = new Option<string>("--restart") { HelpName = "never|on-failure|always", Description = "When to start the child again after it has ended. Default: never." };
        restart.AcceptOnlyFromAmong("never", "on-failure", "always");
        var maxRestarts = new Option<int?>("--max-restarts") { HelpName = "N", Description = "Give up after so many restarts in a row. Default: no limit." };
        var backoff = DurationOption.Create("--backoff", "TIME", "The pause before the first restart; doubled with each, up to 1m, anew after a run of 10s. Default: 1s.", allowsZero: true);
        var readyTcp = new Option<string>("--ready-tcp") { HelpName = "HOST:PORT", Description = "The child is ready when this port accepts a connection." };
        var readyFile = new Option<string>("--ready-file") { HelpName = "PATH", Description = "The child is ready when this file exists." };
        var readyFd = new Option<int?>("--ready-fd") { HelpName = "N", Description = "Write a line feed to this descriptor when the child is ready." };
        var readyTimeout = DurationOption.Create("--ready-timeout", "TIME", "Stop the child, and exit with 124, when it is not ready by then. Default: 1m.");
        var kill = new Option<bool>("--kill-leftovers") { Description = "Kill the descendants that outlive the child. The default." };
        var keep = new Option<bool>("--keep-leftovers") { Description = "Let them live until this command ends; with --restart, beside the next child." };
        var cwd = new Option<string>("--cwd", "-C") { HelpName = "FOLDER", Description = "Where the child starts." };
        var env = new Option<string[]>("--env", "-E") { HelpName = "NAME=VALUE", Description = "Set a variable for the child; NAME alone hands on this command's own. May be repeated." };
        var envFile = new Option<string[]>("--env-file") { HelpName = "PATH", Description = "Set those of a file, one NAME=VALUE a line; # begins a comment. Before --env. May be repeated." };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Say on standard error what is done, and why." };

        var command = new ToolCommand(Name, "Run one child under supervision; fit to be process 1 of a container.")
        {
            Sections = Sections,
        };
        command.Arguments.Add(words);
        foreach (var option in new Option[]
        {
            rewrite, group, plan, grace, noEscalation, subreaper, expect, restart, maxRestarts, backoff, readyTcp, readyFile, readyFd, readyTimeout,
            kill, keep, cwd, env, envFile, verbose,
        })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(words) is not { Tokens.Count: > 0 })
            {
                result.AddError("No command was given: signalstreams run [options] -- COMMAND ARGS...");
            }

            Exclude(result, kill, keep);
            Exclude(result, plan, grace);
            Exclude(result, plan, noEscalation);
            Exclude(result, grace, noEscalation);
            if (result.GetValue(maxRestarts) < 0)
            {
                result.AddError("--max-restarts must be 0 or more.");
            }

            if (result.GetResult(readyTcp) is null && result.GetResult(readyFile) is null && (result.GetResult(readyFd) is not null || result.GetResult(readyTimeout) is not null))
            {
                result.AddError("--ready-fd and --ready-timeout need --ready-tcp or --ready-file.");
            }

            if (OperatingSystem.IsWindows() && result.GetResult(readyFd) is not null)
            {
                result.AddError("--ready-fd: Windows hands no descriptors on by their numbers. Leave it out.");
            }

            if (OperatingSystem.IsWindows() && result.GetValue(subreaper))
            {
                result.AddError("--subreaper: Windows has no orphans that somebody could adopt; those of the child end with it in any case. Leave it out.");
            }

            if (result.GetValue(readyTcp) is { } endpoint && !TryEndpoint(endpoint, out _, out _))
            {
                result.AddError($"'{endpoint}' is no HOST:PORT for --ready-tcp: write localhost:8080 or [::1]:8080.");
            }

            foreach (var rule in result.GetValue(rewrite) ?? [])
            {
                if (!new RewriteTable().TryAdd(rule, out var error))
                {
                    result.AddError(error);
                }
            }

            var rewrites = new RewriteTable();
            foreach (var rule in result.GetValue(rewrite) ?? [])
            {
                _ = rewrites.TryAdd(rule, out string _);
            }

            // Readiness that fails begins the end as well.
            if (rewrites.Apply(ShutdownSignal.SIGTERM) is null && result.GetResult(readyTcp) is null && result.GetResult(readyFile) is null)
            {
                foreach (var option in new Option[] { plan, grace, noEscalation })
                {
                    if (result.GetResult(option) is { Implicit: false })
                    {
                        result.AddError($"--rewrite drops SIGTERM, which begins what {option.Name} describes: it would never begin. Leave one of them out.");
                    }
                }
            }

            foreach (var variable in result.GetValue(env) ?? [])
            {
                if (!EnvironmentFile.TryParse(variable, out _, out _))
                {
                    result.AddError($"'{variable}' sets no variable: write --env NAME=VALUE.");
                }
            }
        });
        command.SetAction((result, token) =>
        {
            if (!TryEnvironment(result.GetValue(envFile) ?? [], result.GetValue(env) ?? [], out var variables, out var error))
            {
                return Task.FromResult(UsageErrors.Report(command, error));
            }

            var rewrites = new RewriteTable();
            foreach (var rule in result.GetValue(rewrite) ?? [])
            {
                _ = rewrites.TryAdd(rule, out string _);
            }

            Readiness? ready = null;
            if (result.GetValue(readyTcp) is not null || result.GetValue(readyFile) is not null)
            {
                _ = TryEndpoint(result.GetValue(readyTcp) ?? "", out var host, out var port);
                ready = new Readiness(host, port, result.GetValue(readyFile), result.GetValue(readyFd), result.GetValue(readyTimeout) ?? DefaultReadyTimeout);
            }

            var policy = result.GetValue(restart) switch
            {
                "on-failure" => RestartPolicy.OnFailure,
                "always" => RestartPolicy.Always,
                _ => RestartPolicy.Never,
            };
            var pause = result.GetValue(backoff) ?? policy.Backoff;
            return Supervisor.RunAsync(new RunSettings
            {
                Command = result.GetValue(words)!,
                Rewrites = rewrites,
                ToGroup = result.GetValue(group),
                Plan = result.GetValue(plan),
                Grace = result.GetValue(grace) ?? DefaultGrace,
                Escalates = !result.GetValue(noEscalation),
                IsSubreaper = result.GetValue(subreaper),
                ExpectedCodes = result.GetValue(expect) ?? [],
                Restart = policy with { MaxRestarts = result.GetValue(maxRestarts), Backoff = pause, MaxBackoff = pause > policy.MaxBackoff ? pause : policy.MaxBackoff },
                Ready = ready,
                Leftovers = result.GetValue(keep) ? LeftoverPolicy.Keep : LeftoverPolicy.Kill,
                WorkingDirectory = result.GetValue(cwd),
                Environment = variables,
                IsVerbose = result.GetValue(verbose),
            });
        });
        return command;
    }

    private static void Exclude(CommandResult result, Option one, Option other)
    {
        if (result.GetResult(one) is { Implicit: false } && result.GetResult(other) is { Implicit: false })
        {
            result.AddError($"{one.Name} and {other.Name} exclude each other.");
        }
    }

    internal static bool TryEndpoint(string text, out string? host, out int port)
    {
        var colon = text.LastIndexOf(':');
        host = colon > 0 ? text[..colon].Trim('[', ']') : null;
        port = 0;
        return host is { Length: > 0 } && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
    }

    private static bool TryEnvironment(string[] files, string[] variables, out List<KeyValuePair<string, string>> all, out string error)
    {
        all = [];
        error = "";
        try
        {
            foreach (var file in files)
            {
                all.AddRange(EnvironmentFile.Read(file));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            error = $"--env-file: {e.Message}";
            return false;
        }

        foreach (var variable in variables)
        {
            if (EnvironmentFile.TryParse(variable, out var name, out var value) && value is not null)
            {
                all.Add(new(name, value));
            }
        }

        return true;
    }

    private static (string Heading, string Text)[] Sections =>
    [
        ("Examples", """
            ENTRYPOINT ["signalstreams", "run", "--"]             in a Dockerfile, in the place of tini or dumb-init
            signalstreams run -- server --port 8080
            signalstreams run --rewrite TERM:QUIT -- nginx -g 'daemon off;'
            signalstreams run --grace 25s --group -- sh -c 'prepare && serve'
            signalstreams run --restart on-failure --max-restarts 5 -- worker
            signalstreams run --ready-tcp localhost:8080 --ready-fd 3 -- server 3>ready
            """),
        ("Signals", """
            Every signal that a program can catch is forwarded, to the child alone (as tini does) or, with --group, to its process group (as
            dumb-init does); values of real-time signals too. SIGTSTP, SIGTTIN and SIGTTOU stop the child by SIGSTOP where it leads a session
            of its own, and this command with it; SIGCONT continues both.
            SIGTERM begins the end: it is forwarded, and what is left after --grace is killed, with all descendants. --plan says otherwise
            (SIGNAL[:PATIENCE[/REPEAT]],... as for stop; KILL goes to all descendants). Signals that come meanwhile are forwarded too.
            Where --rewrite drops SIGTERM (TERM:0), it begins nothing, however often it comes, as with dumb-init: then the child ends by
            itself, or all end by SIGKILL.
            With standard input and output on a terminal, the child has it: Ctrl-C, Ctrl-\ and Ctrl-Z reach the child alone, and it can read
            keys. Otherwise the child leads a session of its own, without a terminal.
            Windows: the child shares the console, and has what is typed there from the console itself. A closed console begins the end.
            """),
        ("Exit codes", """
            The child's own code; when a signal ended the child, this command ends by the same signal (as process 1, which no signal ends,
            with 128+n).
            2    the command line is wrong         124  the child was not ready in time
            125  the supervision failed            126  the program cannot be executed
            127  the program was not found
            """),
        ("Orphans", """
            The child's descendants cannot escape: those that outlive it are killed (--keep-leftovers lets them be until the end), and all
            of them are when this command is killed. As process 1, and with --subreaper, orphans are adopted and reaped.
            """),
    ];
}
