using System.Reactive.Concurrency;

namespace SignalStreams;

/// <summary>Signals of a hub as observables. <c>Signals.Observe</c> does the same on the process's own hub.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Cold: each subscription opens a receiver of its own, and disposing the subscription closes it. Before the first and after the
/// last one the system's default, or whoever else listens, has the signal.</item>
/// <item>The hub and the signals are settled at the call: bad signals throw there. What goes wrong while a receiver opens comes
/// through OnError, on the thread that subscribes.</item>
/// <item>Elements come one at a time, on a delivery thread of the library, or, when the signal came through the thread pool, perhaps on the thread
/// that brought it. The observer may block either at no one else's cost. If a scheduler is given, they come on that. <see cref="SignalReceiverOptions.RunContinuationsAsynchronously"/> moves them to the thread pool.</item>
/// <item>An OnNext that is on its way when the subscription is disposed still comes.</item>
/// <item>What is still in the receiver when the subscription is disposed is unread: a terminating signal among it is raised again, unless the
/// observer was given one before (<see cref="SignalReceiverOptions.Unread"/>). What an operator or a scheduler's queue holds at that moment counts as
/// read, and is dropped as Rx drops it.</item>
/// <item>An observer that throws is reported by the event source "SignalStreams"; its subscription ends, and nothing else does.</item>
/// <item>It completes when the token is cancelled, as <c>TakeUntil(token)</c> does, or the hub is closed, as that of a test is. There are no errors once it is open.</item>
/// <item>A subscription lives until it is disposed, whether or not anyone holds it.</item>
/// <item>Like receivers, observables do not escalate: however often a signal comes, it is the observer's to deal with.</item>
/// </list>
/// </remarks>
public static class SignalHubObservableExtensions
{
    /// <summary>Makes an observable of signals, which opens a receiver for each subscriber.</summary>
    /// <param name="hub">Where to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The observable. Nothing is claimed before somebody subscribes.</returns>
    /// <example>
    /// However many SIGHUPs come, one reload a second:
    /// <code>
    /// using var subscription = Signals.Observe(SIGHUP)
    ///     .Throttle(TimeSpan.FromSeconds(1))
    ///     .Subscribe(_ => Reload());
    /// </code>
    /// </example>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to: it cannot be caught (SIGKILL, SIGSTOP,
    /// SIGPIPE), or the runtime needs it (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGRTMIN).</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public static IObservable<ShutdownSignal> Observe(this SignalHub hub, params ShutdownSignal[] signals) =>
        hub.Observe(SignalReceiverOptions.Default, signals, CancellationToken.None);

    /// <inheritdoc cref="Observe(SignalHub, ShutdownSignal[])"/>
    /// <param name="hub">Where to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <param name="cancellationToken">Closes the receiver of every subscriber, and completes.</param>
    public static IObservable<ShutdownSignal> Observe(this SignalHub hub, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        hub.Observe(SignalReceiverOptions.Default, signals, cancellationToken);

    /// <inheritdoc cref="Observe(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, IScheduler, CancellationToken)"/>
    public static IObservable<ShutdownSignal> Observe(this SignalHub hub, IScheduler scheduler, params ShutdownSignal[] signals) =>
        hub.Observe(SignalReceiverOptions.Default, signals, scheduler);

    /// <inheritdoc cref="Observe(SignalHub, ShutdownSignal[])"/>
    /// <param name="hub">Where to listen.</param>
    /// <param name="options">How the receiver of each subscriber buffers and delivers.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    public static IObservable<ShutdownSignal> Observe(this SignalHub hub, SignalReceiverOptions options, params ShutdownSignal[] signals) =>
        hub.Observe(options, signals, CancellationToken.None);

    /// <inheritdoc cref="Observe(SignalHub, ShutdownSignal[])"/>
    /// <param name="hub">Where to listen.</param>
    /// <param name="options">How the receiver of each subscriber buffers and delivers.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <param name="cancellationToken">Closes the receiver of every subscriber, and completes.</param>
    public static IObservable<ShutdownSignal> Observe(
        this SignalHub hub, SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Create(hub, nameof(Observe), options, signals, scheduler: null, static delivery => delivery.Signal, cancellationToken);

    /// <summary>Makes an observable of signals, which opens a receiver for each subscriber and calls the observer on a scheduler.</summary>
    /// <remarks>The same as <c>ObserveOn</c> behind it, except that an observer which throws is contained there too.</remarks>
    /// <param name="hub">Where to listen.</param>
    /// <param name="options">How the receiver of each subscriber buffers and delivers.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <param name="scheduler">Where the observer is called, with one element at a time.</param>
    /// <param name="cancellationToken">Closes the receiver of every subscriber, and completes.</param>
    /// <returns>The observable. Nothing is claimed before somebody subscribes.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public static IObservable<ShutdownSignal> Observe(
        this SignalHub hub, SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, IScheduler scheduler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return Create(hub, nameof(Observe), options, signals, scheduler, static delivery => delivery.Signal, cancellationToken);
    }

    /// <summary>Makes an observable of signals with all that is known of each: order, time, sender. It opens a receiver for each subscriber.</summary>
    /// <inheritdoc cref="Observe(SignalHub, ShutdownSignal[])"/>
    public static IObservable<SignalDelivery> ObserveDeliveries(this SignalHub hub, params ShutdownSignal[] signals) =>
        hub.ObserveDeliveries(SignalReceiverOptions.Default, signals, CancellationToken.None);

    /// <summary>Makes an observable of signals with all that is known of each: order, time, sender. It opens a receiver for each subscriber.</summary>
    /// <inheritdoc cref="Observe(SignalHub, IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static IObservable<SignalDelivery> ObserveDeliveries(
        this SignalHub hub, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        hub.ObserveDeliveries(SignalReceiverOptions.Default, signals, cancellationToken);

    /// <summary>Makes an observable of signals with all that is known of each: order, time, sender. It calls the observer on a scheduler.</summary>
    /// <inheritdoc cref="Observe(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, IScheduler, CancellationToken)"/>
    public static IObservable<SignalDelivery> ObserveDeliveries(this SignalHub hub, IScheduler scheduler, params ShutdownSignal[] signals) =>
        hub.ObserveDeliveries(SignalReceiverOptions.Default, signals, scheduler);

    /// <summary>Makes an observable of signals with all that is known of each: order, time, sender. It opens a receiver for each subscriber.</summary>
    /// <inheritdoc cref="Observe(SignalHub, SignalReceiverOptions, ShutdownSignal[])"/>
    public static IObservable<SignalDelivery> ObserveDeliveries(this SignalHub hub, SignalReceiverOptions options, params ShutdownSignal[] signals) =>
        hub.ObserveDeliveries(options, signals, CancellationToken.None);

    /// <summary>Makes an observable of signals with all that is known of each: order, time, sender. It opens a receiver for each subscriber.</summary>
    /// <inheritdoc cref="Observe(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static IObservable<SignalDelivery> ObserveDeliveries(
        this SignalHub hub, SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Create(hub, nameof(ObserveDeliveries), options, signals, scheduler: null, static delivery => delivery, cancellationToken);

    /// <summary>Makes an observable of signals with all that is known of each: order, time, sender. It calls the observer on a scheduler.</summary>
    /// <inheritdoc cref="Observe(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, IScheduler, CancellationToken)"/>
    public static IObservable<SignalDelivery> ObserveDeliveries(
        this SignalHub hub, SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, IScheduler scheduler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return Create(hub, nameof(ObserveDeliveries), options, signals, scheduler, static delivery => delivery, cancellationToken);
    }

    private static SignalObservable<T> Create<T>(
        SignalHub hub,
        string surface,
        SignalReceiverOptions options,
        IEnumerable<ShutdownSignal> signals,
        IScheduler? scheduler,
        Func<SignalDelivery, T> select,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(options);
        return new SignalObservable<T>(hub, surface, options, SignalDoor.Check(signals), scheduler, select, cancellationToken);
    }
}
