using System.Runtime.InteropServices;

namespace SignalStreams.Tool;

/// <summary>One call of <c>signalstreams launch</c>: reads the file, runs the launch, listens to signals, prints how it ended.</summary>
internal sealed class LaunchSession(LaunchOptions options)
{
    private static readonly string[] DefaultFiles = ["drekar-launch.yaml", "signalstreams.yaml"];

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<int> RunAsync()
    {
        if (Refuse() is { } refusal)
        {
            Output.Problem(refusal);
            return ExitCode.Usage;
        }

        var workingDirectory = Path.GetFullPath(options.WorkingDirectory ?? ".");
        var path = options.File ?? options.Config ?? DefaultFiles.FirstOrDefault(File.Exists) ?? DefaultFiles[0];
        var file = LaunchFileReader.Read(path, workingDirectory, options.Name, out var errors);
        if (file is null)
        {
            foreach (var error in errors)
            {
                Output.Note(error.ToString());
            }

            Output.Note(errors.Count == 1 ? "1 error; nothing was started." : $"{errors.Count} errors; nothing was started.");
            return ExitCode.Failed;
        }

        if (options.Only.FirstOrDefault(name => file.Tasks.All(task => task.Name != name)) is { } unknown)
        {
            var meant = Suggestion.For(unknown, file.Tasks.Select(task => task.Name));
            Output.Problem($"--only: there is no task '{SafeText.Line(unknown)}' in {path}.{(meant is null ? "" : $" Did you mean '{meant}'?")}");
            return ExitCode.Usage;
        }

        if (options.Only.Count > 0)
        {
            file = file with { Tasks = DependencyOrder.WithNeeds(file.Tasks, options.Only) };
        }

        if (options.OnlyChecks)
        {
            Output.Line(LaunchSummary.Of(file));
            return ExitCode.Done;
        }

        return await LaunchAsync(file).ConfigureAwait(false);
    }

    private string? Refuse()
    {
        var variables = options.Rest.Where(word => word.StartsWith("--var-", StringComparison.Ordinal) && word.Contains('=', StringComparison.Ordinal));
        var empty = new[] { ("--config", options.Config), ("--config-j2", options.Template), ("--cwd", options.WorkingDirectory), ("--name", options.Name), ("--log-dir", options.LogFolder), ("--timeline", options.TimelineFile) }
            .FirstOrDefault(option => option.Item2 is { Length: 0 }).Item1;
        return !HasCurrentFolder() ? "The current folder does not exist any more, and relative paths start from there. Change to another (cd), and try again."
            : empty is not null ? $"{empty} is empty. Write a value behind it, or leave it out."
            : options.Rest.FirstOrDefault(word => !word.StartsWith("--var-", StringComparison.Ordinal)) is { } unknown ? Unknown(unknown)
            : options.Template is { } template ? JinjaTemplates.Explain(template, variables)
            : options.Rest.Count > 0 ? $"{SafeText.Line(options.Rest[0])}: variables are for templates, and this tool has no Jinja engine. Render the template first: --config-j2=FILE says how."
            : options.File is not null && options.Config is not null ? "FILE and --config both name the launch file. Name it once."
            : options.HasNoLogs && options.LogFolder is not null ? "--no-logs and --log-dir do not go together. Leave one of them out."
            : options.WorkingDirectory is { } cwd && !Directory.Exists(cwd) ? $"--cwd: there is no folder {cwd}. Create it, or name another."
            : options.TimelineFile is { } timeline && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(timeline))) ? $"--timeline: there is no folder for {timeline}. Create it, or name another file."
            : null;
    }

    private static bool HasCurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory.Length > 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string Unknown(string word)
    {
        if (!word.StartsWith('-'))
        {
            return $"'{SafeText.Line(word)}' would be a second launch file, after '{SafeText.Line(options.File ?? "")}'. Start each in a launch of its own.";
        }

        var meant = Suggestion.For(word.Split('=')[0], options.Known);
        return $"'{SafeText.Line(word)}' is no option of launch.{(meant is null ? "" : $" Did you mean '{meant}'?")} See signalstreams launch --help.";
    }

    private async Task<int> LaunchAsync(LaunchFile file)
    {
        // What others start in the same container, or leave behind there, has process 1 for its parent; the tasks' own orphans are their keepers'.
        using var reaper = Environment.ProcessId == 1 && !OperatingSystem.IsWindows() ? OrphanReaper.Start(becomeSubreaper: false, TimeSpan.Zero) : null;

        // A log that may not grow (RLIMIT_FSIZE) is an error of the write and not the end of the launch. Caught and not ignored: what is ignored the tasks would inherit.
        using var fileSize = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)ShutdownSignals.Parse("XFSZ").GetNumber(), static context => context.Cancel = true);

        // Before the first task is there: none is left behind by a signal that comes early.
        using var end = new EndReceiver(UnreadSignals.Redeliver, [.. ShutdownSignals.Terminating]);
        var isTable = !options.IsPlain && !options.IsQuiet && Terminals.CanMoveCursor(Terminals.Output);
#pragma warning disable CA2000 // Standard output and standard error stay open.
        ILaunchDisplay display = isTable
            ? new TableDisplay(file.Name, new LivePicture(Output.Out, TerminalSize.Now, Output.ColourOut), Output.ColourOut, _time)
            : new PlainDisplay(file.Tasks, Raw(Terminals.Output), Raw(Terminals.Error), Output.ColourOut, Output.ColourError, options.IsQuiet, _time);
#pragma warning restore CA2000
        LaunchResult result;
        try
        {
            if (LogFolderOf(file, display, out var folder) is { } refusal)
            {
                Output.Problem(refusal);
                return ExitCode.Failed;
            }

            using var logs = folder is null ? null : new LaunchLogs(file.Tasks, (_, name) => TaskLog.Open(folder, name), display);
            var runner = new LaunchRunner(file, new SupervisedStarter(_time), new ReadinessChecks(_time), (ILaunchObserver?)logs ?? display, _time);
            if (options.WantsGui)
            {
                display.Message(isTable ? "--gui: the live table stands in its place" : "--gui: there is no terminal for the live table, which would stand in its place");
            }

            if (folder is not null)
            {
                display.Message($"logs are in {folder}");
            }

            display.Start(runner, why => runner.RequestStop(why, ExitCode.Done, isProblem: true));
            using var over = new CancellationTokenSource();
#pragma warning disable CA2025 // It is awaited below, before the source goes.
            var listening = ListenAsync(end.Receiver, runner, over.Token);
#pragma warning restore CA2025
            try
            {
                result = await runner.RunAsync().ConfigureAwait(false);
            }
            finally
            {
                await over.CancelAsync().ConfigureAwait(false);
                await listening.ConfigureAwait(false);
            }
        }
        finally
        {
            await display.DisposeAsync().ConfigureAwait(false);
        }

        await ReportAsync(result, isTable).ConfigureAwait(false);
        return result.ExitCode;
    }

    private async Task ListenAsync(SignalReceiver receiver, LaunchRunner runner, CancellationToken over)
    {
        var attempts = new StopAttempts(_time);
        try
        {
            while (true)
            {
                var signal = await receiver.ReceiveDeliveryAsync(over).ConfigureAwait(false);
                switch (attempts.Next(signal.Signal, signal.Timestamp))
                {
                    case 0:
                        break;
                    case 1 when !runner.IsStopping:
                        runner.RequestStop(signal.ToString(), ExitCode.Done);
                        break;
                    case 1 or 2:
                        runner.Hurry(signal.ToString());
                        break;
                    default:
                        runner.KillAll(signal.ToString(), signal.Signal.GetExitCode());
                        break;
                }

                if (ForwardedSignals.EndsHere(signal.Signal))
                {
                    // To ask for the next one would say that this one has been dealt with, and then Windows ends the launch.
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, over).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The launch is over.
        }
    }

    // A folder that somebody named has to do; without the usual one the tasks run all the same.
    private string? LogFolderOf(LaunchFile file, ILaunchDisplay display, out string? folder)
    {
        folder = null;
        if (options.HasNoLogs || file.Tasks.All(task => !task.Log))
        {
            return null;
        }

        var named = options.LogFolder is { } given ? Path.GetFullPath(given) : file.LogFolder;
        var root = named ?? LogFolder.DefaultRoot(file.Name);
        try
        {
            folder = LogFolder.Create(root, file.Name, _time);
            return null;
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
        {
            var problem = $"no folder for logs can be made in {root}: {bad.Message.TrimEnd('.')}";
            if (named is not null)
            {
                return $"{problem}. Name another with --log-dir, or use --no-logs. Nothing was started.";
            }

            display.Message($"{problem}; the tasks run without", isProblem: true);
            return null;
        }
    }

    private async Task ReportAsync(LaunchResult result, bool isTable)
    {
        string? problem = null;
        if (result.Timeline is { } timeline && options.TimelineFile is { } path)
        {
            try
            {
                TimelineSvg.Draw(timeline).Save(path);
            }
            catch (Exception bad) when (bad is IOException or UnauthorizedAccessException)
            {
                problem = $"The timeline cannot be written to {path}: {bad.Message}";
            }
        }

        // Whoever reads nothing any more does not keep the launcher from ending.
        await Task.Factory.StartNew(() => Report(result.Timeline, isTable, problem), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(LastWords, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Report(LaunchTimeline? timeline, bool isTable, string? problem)
    {
        if (timeline is null && options.TimelineFile is not null)
        {
            Output.Note("signalstreams: --timeline: nothing had to be stopped, so there is nothing to draw");
        }

        try
        {
            if (isTable && timeline is not null)
            {
                Output.Line(SafeLines(timeline.ToShutdownTimeline().ToString()));
            }
            else if (timeline?.ToShutdownTimeline().Verdict is { } verdict)
            {
                Output.Note($"signalstreams: {SafeText.Line(verdict)}");
            }
        }
        catch (IOException)
        {
            // The terminal is closed.
        }

        if (problem is not null)
        {
            Output.Problem(problem);
        }
    }

    private static string SafeLines(string text) => string.Join('\n', text.TrimEnd('\n').Split('\n').Select(SafeText.Line));

    private static Stream Raw(int descriptor) => !OperatingSystem.IsWindows() ? new DescriptorStream(descriptor)
        : descriptor == Terminals.Output ? Console.OpenStandardOutput() : Console.OpenStandardError();
}
