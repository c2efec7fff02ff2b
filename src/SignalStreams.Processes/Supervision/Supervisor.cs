namespace SignalStreams;

/// <summary>One supervised process: who runs it, stops it and gives back what it took.</summary>
internal sealed class Supervisor
{
    // How long one that was killed may take to be reaped before a stop returns without its status.
    private static readonly TimeSpan ReapedWithin = TimeSpan.FromSeconds(2);

    // How long a signal waits for a start that is under way; one takes milliseconds. By the real clock, since a thread stands still.
    private static readonly TimeSpan StartedWithin = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly StartRequest _request;
    private readonly ScopeStop _stop;
    private readonly StopsUnderWay _stops = new();
    private readonly OpenRuns _runs;
    private readonly SupervisionLoop _loop;
    private readonly SupervisionState _state;
    private Task? _disposal;

    /// <summary>Starts the first run; what goes wrong is thrown.</summary>
    public Supervisor(StartRequest request, SupervisionSettings settings, SupervisionParts parts)
    {
        _request = request;
        _stop = parts.Stop;
        Settings = settings;
        Output = new OutputCapture(request.RedirectsOutput, request.RedirectsError, settings.MaxLineLength, settings.Time);
        _runs = new OpenRuns(keepsLeftovers: settings.Leftovers == LeftoverPolicy.Keep);
        _loop = new SupervisionLoop(request, settings, parts, Output, _runs, _stops);
        _state = _loop.State;

        // Not here: the context of whoever starts is none of the loop's business.
        _ = Child.Exit.OnLibrary(_loop.RunAsync);
    }

    public SupervisionSettings Settings { get; }

    public OutputCapture Output { get; }

    public Task<ProcessExitStatus> Completion => _loop.Completion;

    /// <inheritdoc cref="SupervisionState.WasStopped"/>
    public bool WasStopped => _state.WasStopped;

    public IStartedChild Child => _state.Run.Child;

    /// <summary>Whoever gets a signal that is sent now: the child that is just being started, which may run already and have told others so.</summary>
    public IStartedChild Addressee
    {
        get
        {
            _state.Starting?.Wait(StartedWithin);
            return Child;
        }
    }

    public SupervisedProcessState State => _state.Current;

    public int Restarts => _state.Restarts;

    public Stream Input => _request.RedirectsInput
        ? Child.Input ?? throw new InvalidOperationException("The platform has given no pipe for standard input, though it was asked for one.")
        : throw OutputCapture.NotRedirected(nameof(SupervisedProcess.StandardInput), "RedirectStandardInput");

    public IAsyncEnumerable<SupervisedProcessEvent> ReadEventsAsync(CancellationToken cancellationToken) => _state.Events.ReadAsync(cancellationToken);

    /// <summary>Stops by a plan; nothing is started any more.</summary>
    public async Task<StopOutcome> StopAsync(StopPlan plan, IProgress<StopStep>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await RequestStop(isKill: false).OnLibrary();
        var child = Child;

        // Descendants that are kept are part of it, also when it has ended itself.
        if (child.Exit.IsCompleted && (child.Gone.IsCompleted || Settings.Leftovers == LeftoverPolicy.Kill))
        {
            await Completion.OnLibrary();
            return new StopOutcome { Result = StopResult.AlreadyGone, Target = Settings.Name, Elapsed = TimeSpan.Zero, ExitStatus = _state.LastStatus };
        }

        var outcome = await _stops.RunAsync(() => _stop(child.OpenStopScope(), plan, progress, Settings.Time, cancellationToken)).ResultOnLibrary();
        if (!outcome.IsGone)
        {
            return outcome;
        }

        if (!child.Gone.IsCompleted)
        {
            // Killed and a zombie. One that a debugger holds stays one until the debugger lets go (ptrace(2)), and that may be never.
            await Task.WhenAny(Completion.Ended(), Task.Delay(ReapedWithin, Settings.Time, cancellationToken)).OnLibrary();
            return child.Exit.IsCompletedSuccessfully ? outcome with { ExitStatus = await child.Exit.ResultOnLibrary() } : outcome;
        }

        // Whoever looks at the state next is to see that it has ended.
        await Completion.OnLibrary();
        return outcome.ExitStatus is null && Completion.IsCompletedSuccessfully ? outcome with { ExitStatus = _state.LastStatus } : outcome;
    }

    public void EndRestarts() => _ = RequestStop(isKill: false);

    public void Kill()
    {
        if (RequestStop(isKill: true).IsCompleted)
        {
            Child.KillAll();
        }
    }

    public Task DisposeAsync()
    {
        lock (_gate)
        {
            return _disposal ??= LibraryScheduler.Run(DisposeCoreAsync);
        }
    }

    private Task RequestStop(bool isKill)
    {
        var starting = _state.RequestStop(isKill);
        Output.BeginStop();
        return starting;
    }

    private async Task DisposeCoreAsync()
    {
        await RequestStop(isKill: true).OnLibrary();
        Child.KillAll();
        await _loop.WaitForKilledAsync().ResultOnLibrary();
        await _runs.DisposeAllAsync().ResultOnLibrary();
    }
}
