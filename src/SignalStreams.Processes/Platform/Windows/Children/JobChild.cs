namespace SignalStreams;

// SIGBREAK is named on every platform, so that a test can ask for it on any.
#pragma warning disable CA1416
// What is opened goes to the scope, which disposes it.
#pragma warning disable CA2000

/// <summary>A child of Windows, in a job that ends it and its descendants with this process.</summary>
/// <remarks>
/// A console event goes to all who are on its console, or in its group. In the leader of a group on our console Ctrl-C is disabled until it calls
/// SetConsoleCtrlHandler(NULL, FALSE) (CreateProcess, "Process Creation Flags"): there SIGINT reaches few, and Ctrl-Break, SIGBREAK, all.
/// </remarks>
internal sealed class JobChild : IStartedChild
{
    private readonly IWindowsProcessApi _api;
    private readonly WindowsSender _sender;
    private readonly WindowsGroupLeaders _leaders;
    private readonly IWindowsProcess _process;
    private readonly IWindowsJob _job;
    private readonly WindowsChildConsole _console;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposed;

    public JobChild(IWindowsProcessApi api, WindowsSender sender, WindowsGroupLeaders leaders, WindowsChild child)
    {
        _api = api;
        _sender = sender;
        _leaders = leaders;
        _process = child.Process;
        _job = child.Job;
        _console = child.Console;
        Input = child.Input;
        Output = child.Output;
        Error = child.Error;
        if (_console == WindowsChildConsole.OwnGroup)
        {
            leaders.Add(Identity);
        }

        Exit = ExitAsync();
        _ = WatchDescendantsAsync();
    }

    public ProcessIdentity Identity => _process.Identity;

    public ProcessContainment Containment => ProcessContainment.Job;

    public Task<ProcessExitStatus> Exit { get; }

    public Task Gone => _gone.Task;

    public Stream? Input { get; }

    public Stream? Output { get; }

    public Stream? Error { get; }

    public SendResult Send(ShutdownSignal signal, int? value) => _sender.Send(_process, signal, value, ConsoleFamily);

    // To whoever is in the job; a console event reaches several at once.
    public SendResult SendToGroup(ShutdownSignal signal)
    {
        using var scope = OpenStopScope();
        return SendResult.OfAll([.. scope.Look().Select(member => scope.Send(member, signal))]);
    }

    /// <summary>Who may be hit by an event that is meant for it: everybody on a console that was made for it, otherwise null.</summary>
    public IReadOnlyCollection<int>? ConsoleFamily => _console == WindowsChildConsole.Own ? ConsoleHelperCall.Everybody : null;

    public IStopScope OpenStopScope()
    {
        // A handle of its own, to dispose; its process cannot be another: ours keeps the id.
        _api.Open(Identity.Id, out var process);
        return new JobScope(_api, _sender, process, this, _job);
    }

    public void KillAll() => TryKillAll();

    /// <summary>Ends all in the job.</summary>
    /// <returns>False when the system refused.</returns>
    public bool TryKillAll() => Volatile.Read(ref _isDisposed) != 0 || _job.Terminate(WindowsSender.KilledExitCode) == WindowsError.None;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _ = _job.Terminate(WindowsSender.KilledExitCode);
        _leaders.Remove(Identity);
        _job.Dispose();
        // Not awaited: a driver may hold up the end of a process.
        _ = ReleaseAsync();
        _gone.TrySetResult();
        await DisposeStreamAsync(Input).ConfigureAwait(false);
        await DisposeStreamAsync(Output).ConfigureAwait(false);
        await DisposeStreamAsync(Error).ConfigureAwait(false);
    }

    private static async ValueTask DisposeStreamAsync(Stream? stream)
    {
        if (stream is not null)
        {
            try
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
            catch (IOException)
            {
                // What was still to be written has nobody to read it any more.
            }
        }
    }

    private async Task<ProcessExitStatus> ExitAsync()
    {
        await _process.Exited.ConfigureAwait(false);
        return ProcessExitStatus.FromWindowsCode(_process.ExitCode ?? WindowsSender.KilledExitCode);
    }

    // The system tells when a job becomes empty, but does not promise to (JOBOBJECT_ASSOCIATE_COMPLETION_PORT, "Remarks"): the ends of those who are
    // left over are waited for as well.
    private async Task WatchDescendantsAsync()
    {
        await Exit.ConfigureAwait(false);
        if (Volatile.Read(ref _isDisposed) == 0 && _job.ActiveProcesses > 0)
        {
            using var scope = OpenStopScope();
            await Task.WhenAny(_job.Emptied, scope.Gone, Gone).ConfigureAwait(false);
        }

        _gone.TrySetResult();
    }

    private async Task ReleaseAsync()
    {
        await Exit.ConfigureAwait(false);
        _process.Dispose();
    }
}
