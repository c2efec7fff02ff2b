using System.Runtime.ExceptionServices;

namespace SignalStreams;

/// <content>The ways to run a group, and its end.</content>
public sealed partial class TaskGroup : IAsyncDisposable
{
    private const string BodyName = "body";

    private Task? _close;

    /// <summary>Runs a body that starts children, and waits for all of them.</summary>
    /// <param name="body">The body; it is given the group.</param>
    /// <param name="cancellationToken">What is around the group: cancels it, unless it is shielded.</param>
    /// <returns>The scope of the group, ended: <see cref="CancelScope.Reason"/> says why it was cancelled, if it was.</returns>
    /// <exception cref="AggregateException">The body or children threw: all that they threw, in the order of their ends.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the body or a child ended for it.</exception>
    /// <exception cref="ShutdownTimeoutException">The group was cancelled, and not all ended in time (<see cref="TaskGroupOptions.CloseTimeout"/>).</exception>
    public static Task<CancelScope> RunAsync(Func<TaskGroup, Task> body, CancellationToken cancellationToken = default) =>
        RunAsync(TaskGroupOptions.Default, body, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{TaskGroup, Task}, CancellationToken)"/>
    /// <param name="options">How the group works.</param>
    /// <param name="body">The body; it is given the group.</param>
    /// <param name="cancellationToken">What is around the group: cancels it, unless it is shielded.</param>
    public static Task<CancelScope> RunAsync(TaskGroupOptions options, Func<TaskGroup, Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(new CancelScope(null, options, cancellationToken), options, body);
    }

    /// <summary>Opens a group for a block of code: <c>await using var group = TaskGroup.Open();</c> ... <c>await group.JoinAsync();</c></summary>
    /// <remarks>
    /// <para>Leaving the block cancels the children that still run, and waits for them: a block cannot tell whether it was left by an exception, and must not
    /// wait for ever then. To wait for children that are to end by themselves, end the block with <see cref="JoinAsync"/>.</para>
    /// <para>The block is not part of the group: what it throws does not come out with the children's errors, and a failing child does not cancel what the
    /// block waits for, unless it waits with <see cref="Token"/>. <see cref="RunAsync(Func{TaskGroup, Task}, CancellationToken)"/> has none of these limits.</para>
    /// </remarks>
    /// <param name="cancellationToken">What is around the group: cancels it.</param>
    public static TaskGroup Open(CancellationToken cancellationToken = default) => Open(TaskGroupOptions.Default, cancellationToken);

    /// <inheritdoc cref="Open(CancellationToken)"/>
    /// <param name="options">How the group works.</param>
    /// <param name="cancellationToken">What is around the group: cancels it, unless it is shielded.</param>
    public static TaskGroup Open(TaskGroupOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TaskGroup(new CancelScope(null, options, cancellationToken), options) { _open = 1 };
    }

    /// <summary>Waits for all children of a group that was opened for a block. No further ones can be started from the block.</summary>
    /// <exception cref="InvalidOperationException">The group has a body, which must not wait for itself.</exception>
    /// <inheritdoc cref="RunAsync(Func{TaskGroup, Task}, CancellationToken)"/>
    public Task JoinAsync()
    {
        lock (_gate)
        {
            if (_body is not null)
            {
                throw new InvalidOperationException("The group waits for its children at the end of its body. JoinAsync is for groups of TaskGroup.Open.");
            }

            if (_close is not null)
            {
                return _close;
            }

            _close = CloseAsync();
        }

        LeaveBlock();
        return _close;
    }

    /// <summary>Cancels the children that still run, and waits for them. After <see cref="JoinAsync"/> it does nothing more.</summary>
    /// <exception cref="AggregateException">Children threw. (A cancellation is not thrown: it would hide what the block threw.)</exception>
    /// <exception cref="InvalidOperationException">The group has a body, at whose end it ends.</exception>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_close is { IsCompleted: true })
            {
                return;
            }
        }

        var join = JoinAsync();
        try
        {
            Cancel("the block was left before its group had ended");
        }
        finally
        {
            try
            {
                await join.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Whoever is around knows of it.
            }
        }
    }

    internal static Task<CancelScope> RunAsync(CancelScope scope, TaskGroupOptions options, Func<TaskGroup, Task> body)
    {
#pragma warning disable CA2000 // A group with a body ends with it.
        var group = new TaskGroup(scope, options);
#pragma warning restore CA2000
        group._body = new ChildTask(group, BodyName, _ => body(group));
        return group.CloseAsync();
    }

    private void LeaveBlock()
    {
        bool isLast;
        bool isLate;
        lock (_gate)
        {
            isLast = Leave();
            isLate = _overdue is not null;
        }

        if (isLast)
        {
            End(isLate);
        }
        else
        {
            RestartCloseTimer();
        }
    }

    // The last one has left.
    private void End(bool isLate)
    {
        if (isLate)
        {
            _ = CloseLateAsync();
        }
        else
        {
            _ended.TrySetResult();
        }
    }

    private async Task<CancelScope> CloseAsync()
    {
        if (_body is not null)
        {
            // In here, so that what it does to the execution context stays here.
            Begin(_body);
            RestartCloseTimer();
        }

        await _ended.Task.ConfigureAwait(false);
        var overdue = Volatile.Read(ref _overdue);
        if (overdue is null && _resources is not null)
        {
            var errors = await DisposeResourcesAsync().ConfigureAwait(false);
            lock (_gate)
            {
                (_errors ??= []).AddRange(errors);
            }
        }

        CancelScope.End();
        var misuse = overdue is null ? CancelScope.CancelOpenScopes() : null;
        ITimer? timer;
        lock (_gate)
        {
            _isClosed = true;
            if (misuse is not null)
            {
                (_errors ??= []).Add(misuse);
            }

            (timer, _closeTimer) = (_closeTimer, null);
        }

        timer?.Dispose();

        Throw(overdue);
        return CancelScope;
    }

    private void Throw(IReadOnlyList<RunningTask>? overdue)
    {
        Exception[] errors;
        lock (_gate)
        {
            errors = [.. _errors ?? []];
        }

        if (overdue is not null)
        {
            var timeout = new ShutdownTimeoutException(_options.CloseTimeout!.Value, overdue);
            throw errors.Length == 0 ? timeout : new AggregateException([.. errors, timeout]);
        }

        if (errors.Length > 0)
        {
            // A cancellation that nobody here caused is no failure of the group, but must not be swallowed.
            if (errors.Length == 1 && (_options.UnwrapSingleError || errors[0] is OperationCanceledException))
            {
                ExceptionDispatchInfo.Throw(errors[0]);
            }

            throw new AggregateException(errors);
        }

        if (_isCut && CancelScope.Judge(new OperationCanceledException(CancelScope.OuterToken)) is { } cancellation)
        {
            throw cancellation;
        }
    }

    private async Task<List<Exception>> DisposeResourcesAsync()
    {
        List<Exception> errors = [];
        while (_resources?.TryPop(out var resource) == true)
        {
            try
            {
                if (resource is IAsyncDisposable disposable)
                {
                    await disposable.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    ((IDisposable)resource).Dispose();
                }
            }
#pragma warning disable CA1031 // The others are to be disposed all the same.
            catch (Exception e)
#pragma warning restore CA1031
            {
                errors.Add(e);
            }
        }

        return errors;
    }

    /// <summary>The scope is being cancelled. May be called again.</summary>
    internal void OnCancelled()
    {
        ChildTask[] children;
        lock (_gate)
        {
            if (_isClosed || _isCancelled)
            {
                return;
            }

            _isCancelled = true;
            children = [.. Children()];
        }

        // Before the children are: one that blocks as it is cancelled must not keep the clock from running.
        StartCloseTimer();
        List<Exception>? errors = null;
        foreach (var child in children)
        {
            try
            {
                child.Cancel(reason: null);
            }
            catch (AggregateException e)
            {
                // Of callbacks of the child's token; the other children are to be cancelled all the same.
                (errors ??= []).AddRange(e.InnerExceptions);
            }
        }

        if (errors is not null)
        {
            throw new AggregateException(errors);
        }
    }

    // The time to close passed before there was anything to end. What came since is not to be without a limit.
    private void RestartCloseTimer()
    {
        if (Volatile.Read(ref _isCloseTimeOver))
        {
            StartCloseTimer(anew: true);
        }
    }

    private void StartCloseTimer(bool anew = false)
    {
        if (_options.CloseTimeout is not { } timeout || timeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        // Not under the gate: a clock of a test may call back at once.
        var timer = Time.CreateTimer(static group => ((TaskGroup)group!).OnOverdue(), this, timeout, Timeout.InfiniteTimeSpan);
        ITimer? done = timer;
        lock (_gate)
        {
            if (!_isClosed && (anew || _closeTimer is null))
            {
                (done, _closeTimer) = (_closeTimer, timer);
            }
        }

        done?.Dispose();
    }

    private void OnOverdue()
    {
        lock (_gate)
        {
            // Those who have ended are about to say so.
            IReadOnlyList<RunningTask> overdue = [.. Children().Where(child => child.Task is not { IsCompleted: true }).Select(child => child.ToRunning())];
            _isCloseTimeOver = true;
            if (_isClosed || overdue.Count == 0)
            {
                return;
            }

            _isClosed = true;
            _overdue = overdue;
        }

        _ended.TrySetResult();
    }

    // The last of those who were given up has ended after all.
    private async Task CloseLateAsync()
    {
        foreach (var error in await DisposeResourcesAsync().ConfigureAwait(false))
        {
            Report(error);
        }
    }

    private static void Report(Exception error) => SignalStreamsEventSource.Log.ConsumerFailed(nameof(TaskGroup), error.ToString());
}
