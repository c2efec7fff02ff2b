namespace SignalStreams;

/// <content>The first success wins.</content>
public sealed partial class TaskGroup
{
    /// <summary>Runs several attempts at the same thing; the first success wins, and the others are cancelled and waited for.</summary>
    /// <param name="attempts">At least one.</param>
    /// <param name="cancellationToken">Cancels all.</param>
    /// <returns>The result of the first that succeeded. A result that comes after it all the same is disposed, if it can be.</returns>
    /// <exception cref="AggregateException">All failed: what each threw, in the order of their ends.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before one succeeded.</exception>
    /// <exception cref="ArgumentException">There is no attempt.</exception>
    public static async Task<T> RaceAsync<T>(IEnumerable<Func<CancellationToken, Task<T>>> attempts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        Func<CancellationToken, Task<T>>[] all = [.. attempts];
        if (all.Length == 0)
        {
            throw new ArgumentException("No attempts were given: there is nothing that could win. Give at least one.", nameof(attempts));
        }

        var race = new Race<T>();
        try
        {
            await RunAsync(
                group =>
                {
                    foreach (var attempt in all.TakeWhile(_ => !race.IsWon))
                    {
                        group.Start(token => race.RunAsync(attempt, group, token), nameof(attempts));
                    }

                    return Task.CompletedTask;
                },
                cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever the losers do, the winner's result must not be lost.
        catch (Exception e) when (race.IsWon)
#pragma warning restore CA1031
        {
            if (!CancelScope.IsCancellation(e))
            {
                Report(e);
            }
        }

        return race.Result(cancellationToken);
    }

    /// <inheritdoc cref="RaceAsync{T}(IEnumerable{Func{CancellationToken, Task{T}}}, CancellationToken)"/>
    public static Task<T> RaceAsync<T>(params Func<CancellationToken, Task<T>>[] attempts) => RaceAsync((IEnumerable<Func<CancellationToken, Task<T>>>)attempts);
}
