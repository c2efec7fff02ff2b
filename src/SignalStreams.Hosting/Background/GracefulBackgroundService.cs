using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>Background work that is first asked to come to an end, and cancelled only when its grace period is over.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Register it by <c>AddHostedService</c>. With <c>UseSignalStreams</c> it is asked as soon as the host drains, and has its place in the
/// <see cref="HostShutdown.Timeline"/>, under its <see cref="Name"/>. Nothing has to be injected for that. Without it, it is asked when the host stops it.</item>
/// <item>What it throws is treated as with any <see cref="BackgroundService"/> (<c>HostOptions.BackgroundServiceExceptionBehavior</c>). An
/// <see cref="OperationCanceledException"/> after it was asked to stop is an end, and no error, though the host may still be draining.</item>
/// </list>
/// </remarks>
[SuppressMessage("Usage", "CA2213", Justification = "The source has no timer, no link and no wait handle, and may be cancelled by a host that is late.")]
public abstract class GracefulBackgroundService : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Deadline> _lastMoment = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HostShutdown? _shutdown;
    private TaskCompletionSource? _end;
    private CancelScope? _scope;
    private TimelineRecorder.Entry? _entry;
    private bool _isAsked;
    private bool _isDropping;
    private bool _isCut;

    /// <summary>What the timeline and the log call it.</summary>
    /// <value>Default the name of the class.</value>
    public virtual string Name => GetType().Name;

    /// <summary>How long the work may go on after it was asked to stop. It is read when the work begins.</summary>
    /// <value>Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/> for as long as the host waits (<c>HostOptions.ShutdownTimeout</c>), which is the default.</value>
    public virtual TimeSpan GracePeriod => Timeout.InfiniteTimeSpan;

    /// <summary>How long the work may take to end once its grace token was cancelled. Then the host goes on without it, and the timeline names it.</summary>
    /// <value>Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>; default 1 s. It counts beside <c>HostOptions.ShutdownTimeout</c>, where that is what cancelled the token.</value>
    public virtual TimeSpan CleanUpTime => TimeSpan.FromSeconds(1);

    /// <summary>Whether the host has called <see cref="StopAsync"/>, and whether that has returned.</summary>
    internal StopProgress StopProgress { get; } = new();

    private TimeProvider Time => _shutdown?.Time ?? TimeProvider.System;

    /// <summary>Asks the work to stop, and waits until it has ended, or was given up: <see cref="CleanUpTime"/> after its grace token was cancelled.</summary>
    /// <param name="cancellationToken">The host's patience: cancels the grace token.</param>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        StopProgress.Called();
        try
        {
            await EndAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            StopProgress.Over();
        }
    }

    /// <summary>The host that runs it has a shutdown that it belongs to. Before it starts.</summary>
    internal void Attach(HostShutdown shutdown)
    {
        _shutdown = shutdown;
        shutdown.DrainingToken.UnsafeRegister(static self => ((GracefulBackgroundService)self!).Asked(), this);
        shutdown.TerminatingToken.UnsafeRegister(static self => ((GracefulBackgroundService)self!).Drop(), this);
    }

    /// <summary>The work.</summary>
    /// <param name="stopToken">Cancelled when the host drains or stops: begin nothing new.</param>
    /// <param name="graceToken">Cancelled when the grace period is over, a second signal asks for haste, or the host waits no longer: drop what you are doing.</param>
    protected abstract Task ExecuteAsync(CancellationToken stopToken, CancellationToken graceToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isLate;
        lock (_gate)
        {
            _end = end;
            isLate = _isAsked;
        }

        if (isLate)
        {
            Write(end.Task);
        }

        using var stopped = stoppingToken.UnsafeRegister(static self => ((GracefulBackgroundService)self!).Asked(), this);
        var asked = _stop.Token;
        try
        {
            var options = new CancelScopeOptions { GracePeriod = GracePeriod, TimeProvider = Time };
            await CancelScope.RunAsync(options, scope => RunAsync(scope, asked), asked).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (asked.IsCancellationRequested)
        {
            // As it was asked to. Passed on, the host would take it for a failure: it may not have been stopped yet, but only drain.
        }
        catch (Exception e)
        {
            end.SetException(e);
            _ = end.Task.Exception;
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _scope = null;
            }
        }

        if (_isCut)
        {
            end.SetCanceled(CancellationToken.None);
        }
        else
        {
            end.SetResult();
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        Asked();

        // It cancels the token of the base class, and does not wait.
        await base.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        if (ExecuteTask is { } work)
        {
            var patience = cancellationToken.UnsafeRegister(static self => ((GracefulBackgroundService)self!).Drop(), this);
            await using (patience.ConfigureAwait(false))
            {
                await Task.WhenAny(work, _lastMoment.Task).ConfigureAwait(false);
            }

            if (!work.IsCompleted)
            {
                var lastMoment = await _lastMoment.Task.ConfigureAwait(false);
                await work.WaitAsync(lastMoment.Remaining(Time), Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (_entry is { } entry && !work.IsCompleted)
            {
                _shutdown!.GiveUp(entry);
            }
        }
    }

    private async Task RunAsync(CancelScope scope, CancellationToken stopToken)
    {
        bool isDropping;
        lock (_gate)
        {
            _scope = scope;
            isDropping = _isDropping;
        }

        scope.Token.UnsafeRegister(static self => ((GracefulBackgroundService)self!).Dropped(), this);
        if (isDropping)
        {
            scope.Cancel("the host waits no longer");
        }

        try
        {
            await ExecuteAsync(stopToken, scope.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            _isCut = true;
            throw;
        }
    }

    // When it was asked, and not when somebody waits for it: from here on it may be what holds the host up.
    private void Asked()
    {
        Task? work;
        lock (_gate)
        {
            if (_isAsked)
            {
                return;
            }

            _isAsked = true;
            work = _end?.Task;
        }

        // Work that has ended long before has nothing to do with the end, but for that which has failed: it may be why.
        if (work is { IsCompletedSuccessfully: false })
        {
            Write(work);
        }

        // Last: work that ends at once has its place too.
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException e)
        {
            // A callback of the work's own threw: the work is waited for all the same.
            SignalStreamsEventSource.Log.ConsumerFailed(Name, e.ToString());
        }
    }

    private void Write(Task work)
    {
        var grace = GracePeriod;
        _entry = _shutdown?.Track(TimelineEntryKind.Child, Name, work, grace == Timeout.InfiniteTimeSpan ? null : grace);
    }

    private void Drop()
    {
        CancelScope? scope;
        lock (_gate)
        {
            _isDropping = true;
            scope = _scope;
        }

        if (scope is null)
        {
            Dropped();
        }
        else
        {
            scope.Cancel("the host waits no longer");
        }
    }

    private void Dropped()
    {
        var time = CleanUpTime;
        _lastMoment.TrySetResult(time == Timeout.InfiniteTimeSpan ? Deadline.Never : Deadline.After(time, Time));
    }
}
