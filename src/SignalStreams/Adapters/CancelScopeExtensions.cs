namespace SignalStreams;

/// <summary>Lets signals cancel scopes and task groups.</summary>
public static class CancelScopeExtensions
{
    /// <summary>Cancels the scope at the first signal that asks the process to end.</summary>
    /// <inheritdoc cref="CancelOn(CancelScope, ShutdownSignal[])"/>
    public static IDisposable CancelOn(this CancelScope scope) => Signals.Hub.CancelOn(scope);

    /// <summary>Cancels the scope at the first of the given signals; its <see cref="CancelScope.Reason"/> is then a <see cref="SignalCancelReason"/>.</summary>
    /// <param name="scope">What to cancel.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The link. It need not be kept: the end of the scope gives the signals back, and so does disposing it.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    /// <exception cref="InvalidOperationException">The scope has ended.</exception>
    public static IDisposable CancelOn(this CancelScope scope, params ShutdownSignal[] signals) => Signals.Hub.CancelOn(scope, signals);

    /// <inheritdoc cref="CancelOn(CancelScope, ShutdownSignal[])"/>
    public static IDisposable CancelOn(this CancelScope scope, IEnumerable<ShutdownSignal> signals) => Signals.Hub.CancelOn(scope, signals);

    /// <inheritdoc cref="CancelOn(CancelScope, ShutdownSignal[])"/>
    /// <param name="scope">What to cancel.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    public static IDisposable CancelOn(this CancelScope scope, SignalListenOptions options, IEnumerable<ShutdownSignal> signals) =>
        Signals.Hub.CancelOn(scope, options, signals);

    /// <summary>Cancels the group at the first signal that asks the process to end.</summary>
    /// <inheritdoc cref="CancelOn(TaskGroup, ShutdownSignal[])"/>
    public static IDisposable CancelOn(this TaskGroup group) => ScopeOf(group).CancelOn();

    /// <summary>Cancels the group at the first of the given signals; its <see cref="TaskGroup.Reason"/> is then a <see cref="SignalCancelReason"/>.</summary>
    /// <param name="group">What to cancel.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The link. It need not be kept: the end of the group gives the signals back, and so does disposing it.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    /// <exception cref="InvalidOperationException">The group has ended.</exception>
    public static IDisposable CancelOn(this TaskGroup group, params ShutdownSignal[] signals) => ScopeOf(group).CancelOn(signals);

    /// <inheritdoc cref="CancelOn(TaskGroup, ShutdownSignal[])"/>
    public static IDisposable CancelOn(this TaskGroup group, IEnumerable<ShutdownSignal> signals) => ScopeOf(group).CancelOn(signals);

    /// <inheritdoc cref="CancelOn(TaskGroup, ShutdownSignal[])"/>
    /// <param name="group">What to cancel.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    public static IDisposable CancelOn(this TaskGroup group, SignalListenOptions options, IEnumerable<ShutdownSignal> signals) =>
        ScopeOf(group).CancelOn(options, signals);

    private static CancelScope ScopeOf(TaskGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.CancelScope;
    }
}
