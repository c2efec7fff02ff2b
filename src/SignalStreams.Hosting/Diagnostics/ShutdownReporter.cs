using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>Says who held up the stop of a host: to the log, and to whoever traces it.</summary>
internal sealed class ShutdownReporter
{
    // At the timeout itself the host cancels one service and asks all the others, so that all of them seem to be late. Who is late is seen just before.
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(50);

    // The host's timer counts in ticks of the system, some 15 ms long, and may so be earlier than the clock.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    // A machine that stands still between the beginnings of the host's clock and of ours makes ours late.
    private static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(1);

    // For a line that is being written, which the end would lose.
    private static readonly TimeSpan WritingTime = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _isWritten = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HostShutdown _shutdown;
    private readonly TimelineOutput _output;
    private readonly TimeSpan _limit;
    private readonly bool _isConcurrent;
    private readonly ILogger _logger;
    private readonly ShutdownActivity _activity = new();
    private StopObserver? _observer;
    private ITimer? _timer;
    private Deadline _end;
    private Report? _late;
    private bool _isLogged;
    private bool _isHurried;
    private bool _isStopped;

    public ShutdownReporter(HostShutdown shutdown, TimelineOutput output, HostOptions host, ILogger logger)
    {
        _shutdown = shutdown;
        _output = output;
        _limit = host.ShutdownTimeout;
        _isConcurrent = host.ServicesStopConcurrently;
        _logger = logger;
        shutdown.Beginning += _activity.Begin;
    }

    /// <summary>The host's services are known.</summary>
    public void Observe(IHostedService[] services) => _observer = new StopObserver(_shutdown, services, _isConcurrent);

    public void Entered(HostShutdownPhase phase) => _activity.Enter(phase);

    public void Stopping() => _observer?.Begin();

    /// <summary>The host's own clock begins to run.</summary>
    public void StopCalled()
    {
        if (_limit == Timeout.InfiniteTimeSpan || _limit <= TimeSpan.Zero)
        {
            return;
        }

        _end = Deadline.After(_limit, _shutdown.Time);
        var timer = _shutdown.Time.CreateTimer(static self => ((ShutdownReporter)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _timer = timer;
        }

        timer.Change(_limit - (_limit > Before * 4 ? Before : _limit / 4), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Somebody has asked a second time: for what?</summary>
    public void Hurried()
    {
        var report = Look();
        lock (_gate)
        {
            _isHurried = true;
            if (_late is not null || _isStopped || report.Timeline.Verdict is null)
            {
                return;
            }

            _late = report;
            _isLogged = true;
        }

        if (_output != TimelineOutput.Never)
        {
            _logger.CutShortOf(report.ToString());
        }

        _isWritten.SetResult();
    }

    /// <summary>All services have stopped, or were given up. While there still are loggers and tracers.</summary>
    /// <param name="isCut">Whether the token that the host stops them with was cancelled.</param>
    public void Stopped(bool isCut = false)
    {
        var final = Look();
        Report? late;
        bool isLogged;
        bool isForced;
        bool isHurried;
        bool isLimitOver;
        lock (_gate)
        {
            if (_isStopped || _shutdown.Phase == HostShutdownPhase.Running)
            {
                return;
            }

            _isStopped = true;
            _timer?.Dispose();
            isHurried = _isHurried;
            isLimitOver = IsLimitOver(isCut ? CutTolerance : Tick);
            isForced = isHurried || isCut || isLimitOver;
            late = isForced ? _late : null;
            isLogged = _isLogged;
        }

        var told = late ?? final;
        _activity.End(final.Timeline, late is null ? final.Culprits : [.. late.Culprits, .. late.Unseen]);
        if (isLogged)
        {
            _isWritten.Task.Wait(WritingTime);
        }

        var isLate = isForced || told.Timeline.Verdict is not null;
        if (_output == TimelineOutput.Never || (_output == TimelineOutput.WhenLimitPassed && (isLogged || !isLate)))
        {
            return;
        }

        if (!isLate || isLogged)
        {
            _logger.StoppedInTime(final.ToString());
        }
        else if (isHurried)
        {
            _logger.CutShortOf(told.ToString());
        }
        else if (isLimitOver)
        {
            _logger.LimitPassed(ShutdownTimelineEntry.Seconds(_limit), told.ToString());
        }
        else
        {
            _logger.StoppedLate(final.ToString());
        }
    }

    /// <summary>The process ends without the host.</summary>
    public void Abandoned()
    {
        var report = Look();
        _activity.End(report.Timeline, [.. report.Culprits, .. report.Unseen]);
    }

    private void OnTimer()
    {
        var report = Look();
        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            if (!IsLimitOver(Tick))
            {
                _late ??= report;
                _timer!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(_end.Remaining(_shutdown.Time).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }

            if (_isLogged)
            {
                return;
            }

            report = _late ??= report;
            _isLogged = true;
        }

        if (_output != TimelineOutput.Never)
        {
            _logger.LimitPassed(ShutdownTimelineEntry.Seconds(_limit), report.ToString());
        }

        _isWritten.SetResult();
    }

    private TimeSpan CutTolerance => _limit / 4 < LongestStall ? _limit / 4 : LongestStall;

    private bool IsLimitOver(TimeSpan tolerance) => !_end.IsNever && _end.Remaining(_shutdown.Time) <= tolerance;

    private Report Look() => new(_shutdown.Timeline, _observer?.Unseen() ?? []);

    /// <summary>Who held it up at one moment.</summary>
    /// <param name="Timeline">Those who are known.</param>
    /// <param name="Unseen">Those who may have.</param>
    private sealed record Report(ShutdownTimeline Timeline, string[] Unseen)
    {
        public string[] Culprits => [.. Timeline.Culprits.Select(entry => entry.Name)];

        public override string ToString()
        {
            var table = Timeline.ToString().TrimEnd('\n');
            if (Unseen.Length == 0 || Timeline.State == ShutdownState.Ended)
            {
                return table;
            }

            var verdict = Timeline.Verdict is null ? "It waits for one of these" : "It may also wait for one of these";
            return $"{verdict}: {string.Join(", ", Unseen)} (their stop cannot be seen; services.LimitStop shows and limits it).\n{table}";
        }
    }
}
