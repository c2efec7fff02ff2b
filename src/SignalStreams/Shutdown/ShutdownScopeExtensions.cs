namespace SignalStreams;

/// <summary>Lets the shutdown of the process cancel scopes and task groups.</summary>
public static class ShutdownScopeExtensions
{
    /// <summary>Cancels the scope when the process is to stop (<see cref="ShutdownManager.StoppingToken"/>); its reason is then the manager's.</summary>
    /// <param name="scope">What to cancel.</param>
    /// <param name="manager">Whose shutdown; <c>ShutdownManager.Default</c>.</param>
    /// <remarks>A second attempt ends the grace periods of scopes inside only where you say so:
    /// <c>manager.TerminatingToken.Register(() => inner.GracePeriod = TimeSpan.Zero)</c>.</remarks>
    /// <returns>The link. It need not be kept: the end of the scope undoes it, and so does disposing it.</returns>
    /// <exception cref="InvalidOperationException">The scope has ended.</exception>
    public static IDisposable CancelOn(this CancelScope scope, ShutdownManager manager)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(manager);
        return Link(scope, manager, () => scope.Cancel(manager.Reason));
    }

    /// <summary>Cancels the group when the process is to stop; the timeline then says how long each child took to end.</summary>
    /// <param name="group">What to cancel.</param>
    /// <param name="manager">Whose shutdown; <c>ShutdownManager.Default</c>.</param>
    /// <returns>The link. It need not be kept: the end of the group undoes it, and so does disposing it.</returns>
    /// <exception cref="InvalidOperationException">The group has ended.</exception>
    public static IDisposable CancelOn(this TaskGroup group, ShutdownManager manager)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(manager);
        return Link(group.CancelScope, manager, () =>
        {
            foreach (var child in group.OpenChildren())
            {
                manager.Track(child.Name, child.Completion);
            }

            group.CancelScope.Cancel(manager.Reason);
        });
    }

    private static IDisposable Link(CancelScope scope, ShutdownManager manager, Action cancel)
    {
        IDisposable link = manager.StoppingToken.UnsafeRegister(static cancel => ((Action)cancel!)(), cancel);
        scope.Link(link);
        return link;
    }
}
