using System.Runtime.CompilerServices;

namespace SignalStreams;

public sealed partial class CancelScope
{
    /// <summary>Runs a body in a scope of its own.</summary>
    /// <param name="body">The work; it is given the scope.</param>
    /// <param name="cancellationToken">What is around the scope: cancels it, unless it is shielded.</param>
    /// <returns>The scope, ended: <see cref="CancelledCaught"/> and <see cref="Reason"/> say how.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled and the body ended for it (the exception has that token), or the
    /// body threw one while the scope was not cancelled.</exception>
    /// <exception cref="Exception">Whatever else the body threw.</exception>
    public static Task<CancelScope> RunAsync(Func<CancelScope, Task> body, CancellationToken cancellationToken = default) =>
        RunAsync(CancelScopeOptions.Default, body, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{CancelScope, Task}, CancellationToken)"/>
    /// <param name="options">How the scope begins.</param>
    /// <param name="body">The work; it is given the scope.</param>
    /// <param name="cancellationToken">What is around the scope: cancels it, unless it is shielded.</param>
    public static Task<CancelScope> RunAsync(CancelScopeOptions options, Func<CancelScope, Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(new CancelScope(null, options, cancellationToken), body);
    }

    /// <summary>Runs a body, and gives it up after a time. The caller goes on.</summary>
    /// <param name="timeout">How long it may take, from now; null for no limit, zero or less for none at all.</param>
    /// <param name="body">The work; it is given the scope.</param>
    /// <param name="cancellationToken">What is around the scope: cancels it too.</param>
    /// <returns>The scope, ended: <see cref="CancelledCaught"/> says whether the body was given up.</returns>
    /// <inheritdoc cref="RunAsync(Func{CancelScope, Task}, CancellationToken)"/>
    public static Task<CancelScope> MoveOnAfterAsync(TimeSpan? timeout, Func<CancelScope, Task> body, CancellationToken cancellationToken = default) =>
        MoveOnAfterAsync(timeout, TimeProvider.System, body, cancellationToken);

    /// <inheritdoc cref="MoveOnAfterAsync(TimeSpan?, Func{CancelScope, Task}, CancellationToken)"/>
    /// <param name="timeout">How long it may take, from now; null for no limit, zero or less for none at all.</param>
    /// <param name="timeProvider">The clock for it, and for the scopes inside.</param>
    /// <param name="body">The work; it is given the scope.</param>
    /// <param name="cancellationToken">What is around the scope: cancels it too.</param>
    public static Task<CancelScope> MoveOnAfterAsync(
        TimeSpan? timeout, TimeProvider timeProvider, Func<CancelScope, Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(new CancelScope(null, timeout, timeProvider, cancellationToken), body);
    }

    /// <summary>Runs a body, and fails when it takes too long.</summary>
    /// <param name="timeout">How long it may take, from now; null for no limit, zero or less for none at all.</param>
    /// <param name="body">The work; it is given the scope.</param>
    /// <param name="cancellationToken">What is around the scope: cancels it too.</param>
    /// <returns>The scope, ended.</returns>
    /// <exception cref="TimeoutException">The deadline ended the body. A body that was cancelled for another reason, or came to its end in spite of the
    /// deadline, is no timeout.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled and the body ended for it (the exception has that token), or the
    /// body threw one while the scope was not cancelled.</exception>
    public static Task<CancelScope> FailAfterAsync(TimeSpan? timeout, Func<CancelScope, Task> body, CancellationToken cancellationToken = default) =>
        FailAfterAsync(timeout, TimeProvider.System, body, cancellationToken);

    /// <inheritdoc cref="FailAfterAsync(TimeSpan?, Func{CancelScope, Task}, CancellationToken)"/>
    /// <param name="timeout">How long it may take, from now; null for no limit, zero or less for none at all.</param>
    /// <param name="timeProvider">The clock for it, and for the scopes inside.</param>
    /// <param name="body">The work; it is given the scope.</param>
    /// <param name="cancellationToken">What is around the scope: cancels it too.</param>
    public static Task<CancelScope> FailAfterAsync(
        TimeSpan? timeout, TimeProvider timeProvider, Func<CancelScope, Task> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(new CancelScope(null, timeout, timeProvider, cancellationToken) { _failsAfter = timeout ?? Timeout.InfiniteTimeSpan }, body);
    }

    /// <summary>Runs a body that has a result, and fails when it takes too long.</summary>
    /// <returns>The result.</returns>
    /// <exception cref="OperationCanceledException">As without a result; and also when the body cancelled its own scope, since there is no result then.</exception>
    /// <inheritdoc cref="FailAfterAsync(TimeSpan?, Func{CancelScope, Task}, CancellationToken)"/>
    public static Task<T> FailAfterAsync<T>(TimeSpan? timeout, Func<CancelScope, Task<T>> body, CancellationToken cancellationToken = default) =>
        FailAfterAsync(timeout, TimeProvider.System, body, cancellationToken);

    /// <inheritdoc cref="FailAfterAsync{T}(TimeSpan?, Func{CancelScope, Task{T}}, CancellationToken)"/>
    /// <param name="timeout">How long it may take, from now; null for no limit, zero or less for none at all.</param>
    /// <param name="timeProvider">The clock for it, and for the scopes inside.</param>
    /// <param name="body">The work; it is given the scope.</param>
    /// <param name="cancellationToken">What is around the scope: cancels it too.</param>
    public static Task<T> FailAfterAsync<T>(
        TimeSpan? timeout, TimeProvider timeProvider, Func<CancelScope, Task<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(body);
        return ResultAsync(new CancelScope(null, timeout, timeProvider, cancellationToken) { _failsAfter = timeout ?? Timeout.InfiniteTimeSpan }, body);
    }

    /// <summary>Runs a body in a scope inside this one.</summary>
    /// <param name="body">The work; it is given the inner scope.</param>
    /// <returns>The inner scope, ended.</returns>
    /// <exception cref="InvalidOperationException">This scope has ended.</exception>
    /// <exception cref="OperationCanceledException">This scope was cancelled and the body ended for it (the exception has this scope's token), or the
    /// body threw one while the inner scope was not cancelled.</exception>
    public Task<CancelScope> RunAsync(Func<CancelScope, Task> body) => RunAsync(CancelScopeOptions.Default, body);

    /// <inheritdoc cref="RunAsync(Func{CancelScope, Task})"/>
    /// <param name="options">How the inner scope begins.</param>
    /// <param name="body">The work; it is given the inner scope.</param>
    public Task<CancelScope> RunAsync(CancelScopeOptions options, Func<CancelScope, Task> body)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(new CancelScope(this, options, Token), body);
    }

    /// <summary>Runs a body in a scope inside this one, and gives it up after a time. The caller goes on.</summary>
    /// <param name="timeout">How long it may take, from now; null for no limit, zero or less for none at all.</param>
    /// <param name="body">The work; it is given the inner scope.</param>
    /// <inheritdoc cref="RunAsync(Func{CancelScope, Task})"/>
    public Task<CancelScope> MoveOnAfterAsync(TimeSpan? timeout, Func<CancelScope, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(new CancelScope(this, timeout, Time, Token), body);
    }

    /// <summary>Runs a body in a scope inside this one, and fails when it takes too long.</summary>
    /// <param name="timeout">How long it may take, from now; null for no limit, zero or less for none at all.</param>
    /// <param name="body">The work; it is given the inner scope.</param>
    /// <exception cref="TimeoutException">The deadline of the inner scope ended the body.</exception>
    /// <inheritdoc cref="RunAsync(Func{CancelScope, Task})"/>
    public Task<CancelScope> FailAfterAsync(TimeSpan? timeout, Func<CancelScope, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync(new CancelScope(this, timeout, Time, Token) { _failsAfter = timeout ?? Timeout.InfiniteTimeSpan }, body);
    }

    /// <summary>Runs a body that has a result in a scope inside this one, and fails when it takes too long.</summary>
    /// <returns>The result.</returns>
    /// <inheritdoc cref="FailAfterAsync(TimeSpan?, Func{CancelScope, Task})"/>
    public Task<T> FailAfterAsync<T>(TimeSpan? timeout, Func<CancelScope, Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return ResultAsync(new CancelScope(this, timeout, Time, Token) { _failsAfter = timeout ?? Timeout.InfiniteTimeSpan }, body);
    }

    /// <summary>Runs a task group in a scope inside this one: this scope's deadlines and shields count for it.</summary>
    /// <exception cref="InvalidOperationException">This scope has ended.</exception>
    /// <inheritdoc cref="TaskGroup.RunAsync(Func{TaskGroup, Task}, CancellationToken)"/>
    public Task<CancelScope> RunTaskGroupAsync(Func<TaskGroup, Task> body) => RunTaskGroupAsync(TaskGroupOptions.Default, body);

    /// <inheritdoc cref="RunTaskGroupAsync(Func{TaskGroup, Task})"/>
    /// <param name="options">How the group works.</param>
    /// <param name="body">The body; it is given the group.</param>
    public Task<CancelScope> RunTaskGroupAsync(TaskGroupOptions options, Func<TaskGroup, Task> body)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(body);
        return TaskGroup.RunAsync(new CancelScope(this, options, Token), options, body);
    }

    private static async Task<CancelScope> RunAsync(CancelScope scope, Func<CancelScope, Task> body)
    {
        try
        {
            if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                // Thousands of scopes inside each other, none of which has waited yet.
                await Task.Yield();
            }

            await body(scope).ConfigureAwait(false);
            scope.End();
            if (scope.CancelOpenScopes() is { } error)
            {
                throw error;
            }
        }
        catch (Exception cancellation) when (IsCancellation(cancellation))
        {
            scope.End();
            switch (scope.Judge(cancellation))
            {
                case null when scope is { _isTimedOut: true, _failsAfter: { } timeout }:
                    throw new TimeoutException($"The body did not end {(timeout == Timeout.InfiniteTimeSpan ? "by its deadline" : $"within {timeout}")}.");
                case null:
                    break;
                case var outwards when outwards != cancellation:
                    throw outwards;
                default:
                    throw;
            }
        }
        finally
        {
            scope.End();
        }

        return scope;
    }

    private static async Task<T> ResultAsync<T>(CancelScope scope, Func<CancelScope, Task<T>> body)
    {
        var result = default(T);
        var hasResult = false;
        await RunAsync(scope, async scope =>
        {
            result = await body(scope).ConfigureAwait(false);
            hasResult = true;
        }).ConfigureAwait(false);
        return hasResult ? result! : throw new OperationCanceledException($"The body was cancelled before it had a result: {scope.Reason}", scope.Token);
    }
}
