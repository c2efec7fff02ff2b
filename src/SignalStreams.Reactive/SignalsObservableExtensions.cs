using System.Reactive.Concurrency;

namespace SignalStreams;

/// <summary>Adds observables to <see cref="Signals"/>: <c>Signals.Observe(SIGHUP).Subscribe(_ => Reload())</c>.</summary>
/// <remarks>Everything here is <see cref="SignalHubObservableExtensions"/>' on <see cref="Signals.Hub"/>, as that is at the call: a subscription
/// made later, elsewhere, opens on the same hub. How the observables behave is told there.</remarks>
public static class SignalsObservableExtensions
{
    extension(Signals)
    {
        /// <inheritdoc cref="SignalHubObservableExtensions.Observe(SignalHub, ShutdownSignal[])"/>
        public static IObservable<ShutdownSignal> Observe(params ShutdownSignal[] signals) => Signals.Hub.Observe(signals);

        /// <inheritdoc cref="SignalHubObservableExtensions.Observe(SignalHub, IEnumerable{ShutdownSignal}, CancellationToken)"/>
        public static IObservable<ShutdownSignal> Observe(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
            Signals.Hub.Observe(signals, cancellationToken);

        /// <inheritdoc cref="SignalHubObservableExtensions.Observe(SignalHub, IScheduler, ShutdownSignal[])"/>
        public static IObservable<ShutdownSignal> Observe(IScheduler scheduler, params ShutdownSignal[] signals) => Signals.Hub.Observe(scheduler, signals);

        /// <inheritdoc cref="SignalHubObservableExtensions.Observe(SignalHub, SignalReceiverOptions, ShutdownSignal[])"/>
        public static IObservable<ShutdownSignal> Observe(SignalReceiverOptions options, params ShutdownSignal[] signals) => Signals.Hub.Observe(options, signals);

        /// <inheritdoc cref="SignalHubObservableExtensions.Observe(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, CancellationToken)"/>
        public static IObservable<ShutdownSignal> Observe(
            SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
            Signals.Hub.Observe(options, signals, cancellationToken);

        /// <inheritdoc cref="SignalHubObservableExtensions.Observe(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, IScheduler, CancellationToken)"/>
        public static IObservable<ShutdownSignal> Observe(
            SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            Signals.Hub.Observe(options, signals, scheduler, cancellationToken);

        /// <inheritdoc cref="SignalHubObservableExtensions.ObserveDeliveries(SignalHub, ShutdownSignal[])"/>
        public static IObservable<SignalDelivery> ObserveDeliveries(params ShutdownSignal[] signals) => Signals.Hub.ObserveDeliveries(signals);

        /// <inheritdoc cref="SignalHubObservableExtensions.ObserveDeliveries(SignalHub, IEnumerable{ShutdownSignal}, CancellationToken)"/>
        public static IObservable<SignalDelivery> ObserveDeliveries(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
            Signals.Hub.ObserveDeliveries(signals, cancellationToken);

        /// <inheritdoc cref="SignalHubObservableExtensions.ObserveDeliveries(SignalHub, IScheduler, ShutdownSignal[])"/>
        public static IObservable<SignalDelivery> ObserveDeliveries(IScheduler scheduler, params ShutdownSignal[] signals) =>
            Signals.Hub.ObserveDeliveries(scheduler, signals);

        /// <inheritdoc cref="SignalHubObservableExtensions.ObserveDeliveries(SignalHub, SignalReceiverOptions, ShutdownSignal[])"/>
        public static IObservable<SignalDelivery> ObserveDeliveries(SignalReceiverOptions options, params ShutdownSignal[] signals) =>
            Signals.Hub.ObserveDeliveries(options, signals);

        /// <inheritdoc cref="SignalHubObservableExtensions.ObserveDeliveries(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, CancellationToken)"/>
        public static IObservable<SignalDelivery> ObserveDeliveries(
            SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
            Signals.Hub.ObserveDeliveries(options, signals, cancellationToken);

        /// <inheritdoc cref="SignalHubObservableExtensions.ObserveDeliveries(SignalHub, SignalReceiverOptions, IEnumerable{ShutdownSignal}, IScheduler, CancellationToken)"/>
        public static IObservable<SignalDelivery> ObserveDeliveries(
            SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            Signals.Hub.ObserveDeliveries(options, signals, scheduler, cancellationToken);
    }
}
