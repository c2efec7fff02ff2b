using System.Diagnostics;

namespace SignalStreams.Tool;

/// <summary>Starts real processes, each under supervision.</summary>
internal sealed class SupervisedStarter(TimeProvider time) : IProcessStarter
{
    // Longer lines are handed on in pieces: what is on its way to a slow terminal stays small.
    private const int LongestPiece = 64 * 1024;

    public ILaunchedProcess Start(LaunchTask task) => new Launched(SupervisedProcess.Start(
        StartInfo(task.FileName, task.Arguments, task),
        new SupervisedProcessOptions
        {
            Name = task.Name,
            StopPlan = task.StopPlan,
            Restart = PolicyOf(task),
            MaxLineLength = LongestPiece,
            TimeProvider = time,
        }));

    /// <summary>When a task is started again, and after which pause.</summary>
    internal static RestartPolicy PolicyOf(LaunchTask task) => new()
    {
        // Whatever ends the launch at its first end is not started again.
        When = task is { QuitOnTerminate: true, Restart: RestartWhen.Always } ? RestartWhen.Never : task.Restart,
        Backoff = task.RestartBackoff,
        MaxBackoff = task.RestartBackoff,
        BackoffFactor = 1,
        Jitter = 0,
        MaxRestarts = task.MaxRestarts,
        ResetAfter = task.RestartWindow,
    };

    /// <summary>What is started for a task: with its folder and its environment, and its output in pipes.</summary>
    public static ProcessStartInfo StartInfo(string fileName, IEnumerable<string> arguments, LaunchTask task)
    {
        var info = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = task.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in task.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private sealed class Launched : ILaunchedProcess
    {
        private readonly SupervisedProcess _process;

        public Launched(SupervisedProcess process)
        {
            _process = process;
            CloseInput();
        }

        public int Id => _process.Id;

        public int Restarts => _process.Restarts;

        public Task<ProcessExitStatus> Completion => _process.Completion;

        public IAsyncEnumerable<OutputLine> ReadLinesAsync() => _process.ReadLinesAsync();

        public async IAsyncEnumerable<SupervisedProcessEvent> ReadEventsAsync()
        {
            await foreach (var happened in _process.ReadEventsAsync().ConfigureAwait(false))
            {
                if (happened.State == SupervisedProcessState.Running)
                {
                    CloseInput();
                }

                yield return happened;
            }
        }

        public Task<StopOutcome> StopAsync(StopPlan plan, IProgress<StopStep> progress, CancellationToken cancellationToken) =>
            _process.StopAsync(plan, progress, cancellationToken);

        public void Kill() => _process.Kill();

        public ValueTask DisposeAsync() => _process.DisposeAsync();

        // Nobody types into a task: it reads an end at once, and cannot take the launcher's input away.
        private void CloseInput()
        {
            try
            {
                _process.StandardInput.Dispose();
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }
    }
}
