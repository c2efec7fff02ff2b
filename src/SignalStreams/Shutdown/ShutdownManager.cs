using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>The end of the process, from the first request to the exit status: one state machine that runs once, one rule of attempts, one clock.</summary>
/// <remarks>
/// <list type="number">
/// <item>It begins to listen to its signals, and to the end of the process, at the first <see cref="Configure"/>, <see cref="RequestShutdown"/>, <see cref="Enter"/>, registration of an exit
/// handler, or use of a token; before, it costs nothing.</item>
/// <item>The first signal, or <see cref="RequestShutdown"/>, asks. Protected blocks may hold the end until their deadline (<see cref="ShutdownState.Requested"/>).</item>
/// <item>Then <see cref="StoppingToken"/> is cancelled, and the main function has its roll-back time to return (<see cref="ShutdownState.Stopping"/>).</item>
/// <item>Then exit handlers run, by phases and within limits (<see cref="ShutdownState.CleaningUp"/>), and the process ends, by the signal unless told otherwise
/// (<see cref="ShutdownState.Ended"/>).</item>
/// <item>A second signal makes the kind <see cref="ShutdownKind.Terminate"/>; the third ends the process at once, even with every thread hung.</item>
/// </list>
/// <para>When nobody asks and the main function returns, or an exception is not caught, exit handlers run too.</para>
/// <para>All members are thread-safe. Each hub has one manager (<see cref="SignalHub.ShutdownManager"/>). A program uses <see cref="Default"/>, or has it injected; a test
/// uses that of its own hub.</para>
/// </remarks>
#pragma warning disable CA1001 // The program may use the tokens for as long as it lives; the sources have no timer and no wait handle.
public sealed partial class ShutdownManager
#pragma warning restore CA1001
{
    private readonly SignalRouter _router;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _terminating = new();
    private readonly ProtectedBlocks _blocks = new();
    private readonly ExitHandlerList _handlers = new();
    private readonly TimelineRecorder _timeline;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _armingGate = new();
    private readonly LastWords _lastWords;
    private readonly bool _isOfTest;
    private ManagerListener? _listener;
    private volatile bool _isArmed;
    private volatile ShutdownState _state;
    private volatile bool _isWatched;
    private Deadline _deadline;
    private ShutdownKind _kind;
    private CancelReason? _reason;
    private volatile string? _reasonText;

    internal ShutdownManager(SignalHub hub)
    {
        _router = hub.Router;
        Gate = new ClockGate(Time);
        _isOfTest = hub.IsOfTest;
        Settings = ShutdownSettings.Defaults(_isOfTest ? new StopBudget(null, StopBudgetSource.Unknown) : StopBudget.Current);
        _timeline = new TimelineRecorder(Time);
        _lastWords = new LastWords(SayLastWords, RehearseLastWords);
    }

    /// <summary>The process's manager; in the flow of a test that has installed a hub of its own, that one's.</summary>
    public static ShutdownManager Default => Signals.Hub.ShutdownManager;

    /// <summary>How far the end is.</summary>
    public ShutdownState State => _state;

    /// <summary>How urgently the process was asked; <see cref="ShutdownKind.Interrupt"/> before it was.</summary>
    public ShutdownKind Kind
    {
        get
        {
            lock (Gate)
            {
                return _kind;
            }
        }
    }

    /// <summary>Who asked for the end: a <see cref="SignalCancelReason"/> for a signal; null when nobody did.</summary>
    public CancelReason? Reason
    {
        get
        {
            lock (Gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>The signal that asked for the end; null when none did.</summary>
    public ShutdownSignal? Signal => (Reason as SignalCancelReason)?.Signal;

    /// <summary>How often the process was asked by signals: the hub's count (<see cref="SignalHub.Attempts"/>), in which SIGHUP is none.</summary>
    public int Attempts => _router.Attempts;

    /// <summary>By when the present step has to have ended, on the manager's clock; <see cref="Deadline.Never"/> while nobody has asked.</summary>
    /// <remarks>The latest deadline of all protected blocks; then that of the roll-back; then that of the clean-up.</remarks>
    public Deadline Deadline
    {
        get
        {
            lock (Gate)
            {
                return _state == ShutdownState.Requested && _blocks.Any ? _blocks.Latest : _deadline;
            }
        }
    }

    /// <summary>How much time is left until <see cref="Deadline"/>: zero or more; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan TimeRemaining => Deadline.Remaining(Time);

    /// <summary>How long the platform will wait for the end.</summary>
    public StopBudget Budget => Settings.Budget;

    /// <summary>Cancelled when the rest of the program is to stop: at the request, or, while protected blocks hold the end, after them; and before the exit handlers of an end that nobody asked for.</summary>
    /// <remarks>Its callbacks run on a thread of the library that they may keep. Asking for it makes the end wait for the main function (<see cref="ShutdownOptions.RollbackTime"/>).</remarks>
    public CancellationToken StoppingToken
    {
        get
        {
            _isWatched = true;
            Arm();
            return _stopping.Token;
        }
    }

    /// <summary>Cancelled when a signal that counts as an attempt asks once more: end draining, cut grace periods short.</summary>
    public CancellationToken TerminatingToken
    {
        get
        {
            Arm();
            return _terminating.Token;
        }
    }

    /// <summary>Ends when the manager has done all that it had to do; the process ends right after.</summary>
    public Task Completion => _completion.Task;

    /// <summary>What the process would wait for now, or waits for: active blocks, and in a shutdown also handlers, children and the main function.</summary>
    public IReadOnlyList<ShutdownTimelineEntry> Pending => [.. Timeline.Entries.Where(entry => entry.Outcome == TimelineOutcome.Running
        && entry.Kind is not (TimelineEntryKind.Request or TimelineEntryKind.Phase))];

    /// <summary>What has happened since the request, and what holds up the end.</summary>
    public ShutdownTimeline Timeline
    {
        get
        {
            lock (Gate)
            {
                if (_state == ShutdownState.Running && !_isForced)
                {
                    _timeline.Begin("nobody yet", Time.GetTimestamp());
                }

                return _timeline.Snapshot(_state, _blocks.All().Select(EntryOf));
            }
        }
    }

    /// <summary>Who asked, as it was known then: the sender may be gone by now. Null when nobody has.</summary>
    internal string? ReasonText => _reasonText;

    internal ClockGate Gate { get; }

    internal TimeProvider Time => _router.Time;

    internal ShutdownSettings Settings { get; private set; }

    /// <summary>Whether anybody relies on it.</summary>
    internal bool IsArmed => _isArmed;

    internal CancellationToken PeekStoppingToken => _stopping.Token;

    /// <summary>What the parent is to see after a signal: as the manager was told, or else as the host was.</summary>
    internal ExitStatusPolicy ExitStatus => Settings.ExitStatus ?? _router.Hosts.ExitStatus ?? ExitStatusPolicy.BySignal;

    /// <summary>Whether it ends the process because of a signal: it listens to it, and such a signal is a request.</summary>
    internal bool EndsBecauseOf(ShutdownSignal signal)
    {
        if (!_isArmed || (signal == ShutdownSignal.SIGHUP && !Settings.TerminateOnHangup) || IsHarmlessLogoff(signal))
        {
            return false;
        }

        var events = _router.Source.EventsOf(signal);
        return _router.Snapshot().Any(own => own.Listener == _listener && !own.IsDeaf && events.Contains(own.Event));
    }

    /// <summary>Changes how the process ends. What is left null keeps its value. It may be called again, at any time; what has begun goes on as it began.</summary>
    /// <param name="configure">Sets what is to change.</param>
    /// <exception cref="ArgumentException">A signal that cannot be listened to, a limit that makes no sense. Nothing is changed then.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of the signals. Nothing is changed then.</exception>
    public void Configure(Action<ShutdownOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ShutdownOptions();
        configure(options);
        if (options.MaxAttempts is { } attempts)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1, nameof(options.MaxAttempts));
        }

        options.Signals = options.Signals is { } signals ? [.. signals] : null;

        // What is wrong is thrown here: not under a lock.
        _ = Settings.With(options);
        lock (_armingGate)
        {
            // In force before the first signal can come.
            var before = Settings;
            Settings = before.With(options);
            try
            {
                Arm(Settings.Signals);
            }
            catch
            {
                Settings = before;
                throw;
            }

            _router.MaxAttempts = options.MaxAttempts ?? _router.MaxAttempts;
        }
    }

    /// <summary>Asks the process to end, as a signal would. Once it was asked, a further request changes nothing.</summary>
    /// <param name="reason">Why; a text will do.</param>
    /// <param name="exitCode">What the parent is to see, unless the program chooses another code by itself: from 0 to 255 on Unix (exit(3)).</param>
    /// <returns>Whether this was the first request.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Unix has no such exit code.</exception>
    public bool RequestShutdown(CancelReason reason, int exitCode = 0)
    {
        ArgumentNullException.ThrowIfNull(reason);
        Limits.ExitCode(exitCode, nameof(exitCode));
        Arm();
        return Request(reason, exitCode, Time.GetTimestamp());
    }

    /// <summary>Enters a block of code that the end of the process waits for. Keep it in a <c>using</c>.</summary>
    /// <param name="maxExecTime">How long it may hold the end, from now or the last renewal: more than zero, or <see cref="Timeout.InfiniteTimeSpan"/>;
    /// <see cref="ShutdownOptions.MaxExecTime"/> by default.</param>
    /// <param name="runAtExit">Whether it may be entered though the process was asked to end: for what belongs to the end itself.</param>
    /// <param name="name">What the timeline calls it; the calling member by default.</param>
    /// <exception cref="ShutdownImminentException">The process was asked to end.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero.</exception>
    public ShutdownProtection Enter(TimeSpan? maxExecTime = null, bool runAtExit = false, [CallerMemberName] string name = "")
    {
        Arm();
        return new ShutdownProtection(this, maxExecTime, runAtExit, name);
    }

    /// <summary>Runs a body in a protected block, and throws at its end what a <c>using</c> cannot.</summary>
    /// <remarks>If the process was asked to end, and this is the last block to end, it throws <see cref="ShutdownRequestedException"/>. If other blocks are active
    /// it returns, also when the body left by <see cref="ShutdownProtection.AllowBreak"/> or its token. An error of the body's own always comes out.</remarks>
    /// <param name="body">The work; it is given the block.</param>
    /// <param name="maxExecTime">As in <see cref="Enter"/>.</param>
    /// <param name="runAtExit">As in <see cref="Enter"/>.</param>
    /// <param name="name">As in <see cref="Enter"/>.</param>
    /// <exception cref="ShutdownRequestedException">The process was asked to end, and this was the last block.</exception>
    /// <exception cref="ShutdownImminentException">The process had been asked to end before.</exception>
    public async Task RunProtectedAsync(Func<ShutdownProtection, Task> body, TimeSpan? maxExecTime = null, bool runAtExit = false, [CallerMemberName] string name = "")
    {
        ArgumentNullException.ThrowIfNull(body);
        using var block = Enter(maxExecTime, runAtExit, name);
        ShutdownRequestedException? end;
        try
        {
            await body(block).ConfigureAwait(false);
            end = EndOf(block, cause: null);
        }
        catch (Exception e) when (block.IsShutdown(e))
        {
            end = EndOf(block, e);
            if (ReferenceEquals(end, e))
            {
                throw;
            }
        }

        if (end is not null)
        {
            throw end;
        }
    }

    /// <inheritdoc cref="RunProtectedAsync"/>
    public void RunProtected(Action<ShutdownProtection> body, TimeSpan? maxExecTime = null, bool runAtExit = false, [CallerMemberName] string name = "")
    {
        ArgumentNullException.ThrowIfNull(body);

        // The body does not wait, so neither does this.
        RunProtectedAsync(
            block =>
            {
                body(block);
                return Task.CompletedTask;
            },
            maxExecTime,
            runAtExit,
            name).GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Register(Func{ExitContext, Task}, ExitPhase?, TimeSpan?, string?)"/>
    public ExitHandlerRegistration Register(
        Action handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        Add(handler, phase, timeLimit, name);

    /// <inheritdoc cref="Register(Func{ExitContext, Task}, ExitPhase?, TimeSpan?, string?)"/>
    public ExitHandlerRegistration Register(
        Action<ExitContext> handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        Add(handler, phase, timeLimit, name);

    /// <inheritdoc cref="Register(Func{ExitContext, Task}, ExitPhase?, TimeSpan?, string?)"/>
    public ExitHandlerRegistration Register(
        Func<Task> handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        Add(handler, phase, timeLimit, name);

    /// <summary>Registers code that runs at the end of the process, once, whatever ends it; see <see cref="ExitHandlers"/>.</summary>
    /// <param name="handler">What to run; it may want to know why, and how much time is left.</param>
    /// <param name="phase">The part of the clean-up in which it runs; <see cref="ExitPhase.Default"/> by default.</param>
    /// <param name="timeLimit">How long it may take: more than zero, or <see cref="Timeout.InfiniteTimeSpan"/>; <see cref="ShutdownOptions.HandlerTime"/> by default.</param>
    /// <param name="name">What the timeline calls it; the expression by default.</param>
    /// <returns>The registration. Disposing it unregisters the handler; it need not be kept.</returns>
    /// <exception cref="ArgumentException">There is another phase of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not more than zero.</exception>
    /// <exception cref="ShutdownImminentException">The clean-up is over. While it runs, a handler can be registered, and runs.</exception>
    public ExitHandlerRegistration Register(
        Func<ExitContext, Task> handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        Add(handler, phase, timeLimit, name);

    /// <summary>Lets the timeline say how long some work takes to end. The end does not wait for it.</summary>
    /// <param name="name">What the timeline calls it.</param>
    /// <param name="task">The work.</param>
    public void Track(string name, Task task)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(task);
        TimelineRecorder.Entry entry;
        lock (Gate)
        {
            if (task.IsCompleted && _state == ShutdownState.Running)
            {
                return;
            }

            entry = _timeline.Add(TimelineEntryKind.Child, name);
            entry.Task = task;
        }

        if (!task.IsCompleted)
        {
            // Right where it ends: the timeline is about when.
            task.ContinueWith(_ => Settle(entry), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Gives the signals back and forgets everything: the test is over. A process keeps its manager to the end.</summary>
    internal void Close()
    {
        lock (_armingGate)
        {
            lock (Gate)
            {
                _isClosed = true;
                Gate.Changed();
            }

            if (_isArmed)
            {
                _isArmed = false;
                _router.Unsubscribe(_listener!);
                _router.LastAttempt -= OnLastAttempt;
                _router.Exit.Exiting -= OnExiting;
                _router.Exit.Crashing -= OnCrashing;
            }
        }

        _lastWords.Withdraw();
    }

    internal void Unregister(ExitHandlerRegistration registration)
    {
        lock (Gate)
        {
            registration.List?.Remove(registration);
        }
    }

    private void Settle(TimelineRecorder.Entry entry)
    {
        lock (Gate)
        {
            _timeline.Settle(entry);
            if (_state == ShutdownState.Running)
            {
                _timeline.Remove(entry);
            }
        }
    }

    private ExitHandlerRegistration Add(Delegate handler, ExitPhase? phase, TimeSpan? timeLimit, string? name)
    {
        ArgumentNullException.ThrowIfNull(handler);
        phase ??= ExitPhase.Default;
        Limits.Positive(phase.TimeLimit, nameof(phase.TimeLimit));
        Limits.Positive(timeLimit, nameof(timeLimit));
        Arm();
        var registration = new ExitHandlerRegistration(this, handler, phase, timeLimit, name ?? "");
        bool isTooLate;
        ExitPhase? conflict = null;
        lock (Gate)
        {
            isTooLate = _isCleanedUp;
            if (!isTooLate)
            {
                conflict = _handlers.Add(registration);
                if (_state == ShutdownState.CleaningUp)
                {
                    Gate.Changed();
                }
            }
        }

        return conflict is not null ? throw ExitHandlerList.Conflict(conflict, phase)
            : isTooLate ? throw Refusal($"The exit handler '{registration.Name}' comes too late: all have run.")
            : registration;
    }

    // What is armed stays so: whoever relies on it would be left alone with the default otherwise.
    private void Arm()
    {
        if (!_isArmed)
        {
            lock (_armingGate)
            {
                if (!_isArmed)
                {
                    Arm(Settings.Signals);
                }
            }
        }
    }

    private void Arm(ShutdownSignal[] signals)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _listener ??= new ManagerListener(_router, this);
        _router.Subscribe(_listener, signals, overrideIgnored: false);

        if (_isArmed)
        {
            // By event: one may have been subscribed to under another of its names.
            _router.Unsubscribe(_listener, subscription => !signals.Any(signal => _router.Source.EventsOf(signal).Contains(subscription.Event)));
        }
        else
        {
            _router.LastAttempt += OnLastAttempt;
            _router.Exit.Exiting += OnExiting;
            _router.Exit.Crashing += OnCrashing;
            _isArmed = true;
        }
    }
}
