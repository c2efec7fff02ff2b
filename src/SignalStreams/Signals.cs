using System.Diagnostics.CodeAnalysis;

namespace SignalStreams;

/// <summary>The way in: signals of the operating system as async streams, cancellation tokens, waits and callbacks.</summary>
/// <remarks>Everything here is <see cref="SignalHub.Default"/>'s, or, inside a test that installed its own, that hub's. All members are thread-safe.</remarks>
public static class Signals
{
    /// <inheritdoc cref="SignalHub.Backend"/>
    public static SignalBackend Backend => Hub.Backend;

    /// <summary>The hub that the members here use now: the process's own, or that of the test which is running.</summary>
    public static SignalHub Hub => AmbientHub.Current ?? SignalHub.Default;

    /// <inheritdoc cref="SignalHub.OpenSignalReceiver(ShutdownSignal[])"/>
    public static SignalReceiver OpenSignalReceiver(params ShutdownSignal[] signals) => Hub.OpenSignalReceiver(signals);

    /// <inheritdoc cref="SignalHub.OpenSignalReceiver(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static SignalReceiver OpenSignalReceiver(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Hub.OpenSignalReceiver(signals, cancellationToken);

    /// <inheritdoc cref="SignalHub.OpenSignalReceiver(SignalReceiverOptions, ShutdownSignal[])"/>
    public static SignalReceiver OpenSignalReceiver(SignalReceiverOptions options, params ShutdownSignal[] signals) =>
        Hub.OpenSignalReceiver(options, signals);

    /// <inheritdoc cref="SignalHub.OpenSignalReceiver(SignalReceiverOptions, IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static SignalReceiver OpenSignalReceiver(SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Hub.OpenSignalReceiver(options, signals, cancellationToken);

    /// <inheritdoc cref="SignalHub.CancelOn()"/>
    public static SignalCancellationTokenSource CancelOn() => Hub.CancelOn();

    /// <inheritdoc cref="SignalHub.CancelOn(ShutdownSignal[])"/>
    public static SignalCancellationTokenSource CancelOn(params ShutdownSignal[] signals) => Hub.CancelOn(signals);

    /// <inheritdoc cref="SignalHub.CancelOn(CancellationToken)"/>
    public static SignalCancellationTokenSource CancelOn(CancellationToken linkedToken) => Hub.CancelOn(linkedToken);

    /// <inheritdoc cref="SignalHub.CancelOn(CancellationToken, ShutdownSignal[])"/>
    public static SignalCancellationTokenSource CancelOn(CancellationToken linkedToken, params ShutdownSignal[] signals) =>
        Hub.CancelOn(linkedToken, signals);

    /// <inheritdoc cref="SignalHub.CancelOn(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static SignalCancellationTokenSource CancelOn(IEnumerable<ShutdownSignal> signals, CancellationToken linkedToken = default) =>
        Hub.CancelOn(signals, linkedToken);

    /// <inheritdoc cref="SignalHub.CancelOn(SignalListenOptions, IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static SignalCancellationTokenSource CancelOn(SignalListenOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken linkedToken = default) =>
        Hub.CancelOn(options, signals, linkedToken);

    /// <inheritdoc cref="SignalHub.WaitForShutdown()"/>
    public static ShutdownSignal WaitForShutdown() => Hub.WaitForShutdown();

    /// <inheritdoc cref="SignalHub.WaitForShutdown(CancellationToken)"/>
    public static ShutdownSignal WaitForShutdown(CancellationToken cancellationToken) => Hub.WaitForShutdown(cancellationToken);

    /// <inheritdoc cref="SignalHub.WaitForShutdown(ShutdownSignal[])"/>
    public static ShutdownSignal WaitForShutdown(params ShutdownSignal[] signals) => Hub.WaitForShutdown(signals);

    /// <inheritdoc cref="SignalHub.WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static ShutdownSignal WaitForShutdown(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Hub.WaitForShutdown(signals, cancellationToken);

    /// <inheritdoc cref="SignalHub.WaitForShutdown(SignalListenOptions, IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static ShutdownSignal WaitForShutdown(SignalListenOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Hub.WaitForShutdown(options, signals, cancellationToken);

    /// <inheritdoc cref="SignalHub.WaitForShutdownAsync(CancellationToken)"/>
    public static Task<ShutdownSignal> WaitForShutdownAsync(CancellationToken cancellationToken = default) =>
        Hub.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc cref="SignalHub.WaitForShutdownAsync(ShutdownSignal[])"/>
    public static Task<ShutdownSignal> WaitForShutdownAsync(params ShutdownSignal[] signals) => Hub.WaitForShutdownAsync(signals);

    /// <inheritdoc cref="SignalHub.WaitForShutdownAsync(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static Task<ShutdownSignal> WaitForShutdownAsync(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Hub.WaitForShutdownAsync(signals, cancellationToken);

    /// <inheritdoc cref="SignalHub.WaitForShutdownAsync(SignalListenOptions, IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public static Task<ShutdownSignal> WaitForShutdownAsync(SignalListenOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        Hub.WaitForShutdownAsync(options, signals, cancellationToken);

    /// <inheritdoc cref="SignalHub.OnShutdown(Action{ShutdownSignal})"/>
    public static IDisposable OnShutdown(Action<ShutdownSignal> callback) => Hub.OnShutdown(callback);

    /// <inheritdoc cref="SignalHub.OnShutdown(Action{ShutdownSignal}, ShutdownSignal[])"/>
    public static IDisposable OnShutdown(Action<ShutdownSignal> callback, params ShutdownSignal[] signals) => Hub.OnShutdown(callback, signals);

    /// <inheritdoc cref="SignalHub.OnShutdown(Action{ShutdownSignal}, IEnumerable{ShutdownSignal})"/>
    public static IDisposable OnShutdown(Action<ShutdownSignal> callback, IEnumerable<ShutdownSignal> signals) => Hub.OnShutdown(callback, signals);

    /// <inheritdoc cref="SignalHub.OnShutdown(Action{ShutdownSignal}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public static IDisposable OnShutdown(Action<ShutdownSignal> callback, SignalListenOptions options, IEnumerable<ShutdownSignal> signals) =>
        Hub.OnShutdown(callback, options, signals);

    /// <inheritdoc cref="SignalHub.OnShutdown(Func{ShutdownSignal, Task})"/>
    public static IDisposable OnShutdown(Func<ShutdownSignal, Task> callback) => Hub.OnShutdown(callback);

    /// <inheritdoc cref="SignalHub.OnShutdown(Func{ShutdownSignal, Task}, ShutdownSignal[])"/>
    public static IDisposable OnShutdown(Func<ShutdownSignal, Task> callback, params ShutdownSignal[] signals) => Hub.OnShutdown(callback, signals);

    /// <inheritdoc cref="SignalHub.OnShutdown(Func{ShutdownSignal, Task}, IEnumerable{ShutdownSignal})"/>
    public static IDisposable OnShutdown(Func<ShutdownSignal, Task> callback, IEnumerable<ShutdownSignal> signals) =>
        Hub.OnShutdown(callback, signals);

    /// <inheritdoc cref="SignalHub.OnShutdown(Func{ShutdownSignal, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public static IDisposable OnShutdown(Func<ShutdownSignal, Task> callback, SignalListenOptions options, IEnumerable<ShutdownSignal> signals) =>
        Hub.OnShutdown(callback, options, signals);

    /// <inheritdoc cref="SignalHub.Run(Func{CancellationToken, Task})"/>
    public static int Run(Func<CancellationToken, Task> main) => Hub.Run(main);

    /// <inheritdoc cref="SignalHub.Run(Func{CancellationToken, Task}, ShutdownSignal[])"/>
    public static int Run(Func<CancellationToken, Task> main, params ShutdownSignal[] signals) => Hub.Run(main, signals);

    /// <inheritdoc cref="SignalHub.Run(Func{CancellationToken, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public static int Run(Func<CancellationToken, Task> main, SignalListenOptions options, IEnumerable<ShutdownSignal> signals) => Hub.Run(main, options, signals);

    /// <inheritdoc cref="SignalHub.Run(Func{CancellationToken, Task{int}})"/>
    public static int Run(Func<CancellationToken, Task<int>> main) => Hub.Run(main);

    /// <inheritdoc cref="SignalHub.Run(Func{CancellationToken, Task{int}}, ShutdownSignal[])"/>
    public static int Run(Func<CancellationToken, Task<int>> main, params ShutdownSignal[] signals) => Hub.Run(main, signals);

    /// <inheritdoc cref="SignalHub.Run(Func{CancellationToken, Task{int}}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public static int Run(Func<CancellationToken, Task<int>> main, SignalListenOptions options, IEnumerable<ShutdownSignal> signals) => Hub.Run(main, options, signals);

    /// <inheritdoc cref="SignalHub.Raise(ShutdownSignal)"/>
    public static void Raise(ShutdownSignal signal) => Hub.Raise(signal);

    /// <inheritdoc cref="SignalHub.Raise(ShutdownSignal, int)"/>
    public static void Raise(ShutdownSignal signal, int value) => Hub.Raise(signal, value);

    /// <inheritdoc cref="SignalHub.ExitBySignal(ShutdownSignal)"/>
    [DoesNotReturn]
    public static void ExitBySignal(ShutdownSignal signal) => Hub.ExitBySignal(signal);
}
