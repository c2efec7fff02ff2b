using System.Diagnostics.CodeAnalysis;

namespace SignalStreams;

/// <summary>Who in the process listens to which signal; the object behind <see cref="Signals"/>, for injection.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>It holds one registration with the operating system for each signal, from the first listener's opening to the last one's
/// closing. Before and after, the system's default, or whoever else registered, has the signal.</item>
/// <item>Every listener gets its own copy of every signal, all in the same order.</item>
/// <item>A program uses <see cref="Default"/>; a test gets a hub of its own from SignalStreams.Testing.</item>
/// <item>All members are thread-safe.</item>
/// </list>
/// </remarks>
public sealed class SignalHub
{
    /// <summary>For <see cref="MaxAttempts"/>: however often the process is asked, it is never ended by force.</summary>
    public const int UnlimitedAttempts = AttemptCounter.Unlimited;

    private static readonly Lazy<SignalHub> ProcessWide = new(() =>
    {
        var exit = new ProcessExit();
        return new SignalHub(SignalSources.ForThisPlatform(TimeProvider.System, exit), exit, TimeProvider.System);
    });

    private readonly ShutdownKeeper _keeper;
    private ShutdownManager? _shutdownManager;

    internal SignalHub(ISignalSource source, IProcessExit exit, TimeProvider time)
    {
        Router = new SignalRouter(source, exit, time);
        _keeper = new ShutdownKeeper(Router);
    }

    /// <summary>The process's hub.</summary>
    public static SignalHub Default => ProcessWide.Value;

    /// <summary>Which source of signals serves, and why that one.</summary>
    public SignalBackend Backend => Router.Source.Backend;

    /// <summary>How often the process was asked to end while something that escalates (see <see cref="MaxAttempts"/>) was open; 0 again once nothing is.</summary>
    /// <remarks>SIGINT, SIGTERM, SIGQUIT and Ctrl-Break count; the same one within 100 ms counts once.</remarks>
    public int Attempts => Router.Attempts;

    /// <summary>At which attempt the process ends by the signal, at once and even if every thread of it hangs.</summary>
    /// <value>From 1; default 3; <see cref="UnlimitedAttempts"/> for never. Tokens, waits, callbacks and <see cref="Run(Func{CancellationToken, Task})"/>
    /// escalate; receivers and observables do not: their reader owns the signal.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxAttempts
    {
        get => Router.MaxAttempts;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Router.MaxAttempts = value;
        }
    }

    internal SignalRouter Router { get; }

    /// <summary>What the parent is to see after a signal, as the manager was told, if there is one.</summary>
    internal EndStatus StatusAfter(ShutdownSignal signal) => (PeekShutdownManager?.ExitStatus ?? ExitStatusPolicy.BySignal).After(signal);

    /// <summary>The manager, if anybody has asked for it.</summary>
    internal ShutdownManager? PeekShutdownManager => Volatile.Read(ref _shutdownManager);

    internal void CloseShutdownManager() => PeekShutdownManager?.Close();

    /// <summary>Whether it is a test's: then what is true of the process is not true of its manager.</summary>
    internal bool IsOfTest { get; init; }

    /// <summary>What ends the process in order: protected blocks, exit handlers, limits. Made when it is first asked for; there is one for each hub.</summary>
    /// <exception cref="FormatException">The environment variable SIGNALSTREAMS_STOP_BUDGET holds no number of seconds.</exception>
    public ShutdownManager ShutdownManager
    {
        get
        {
            if (Volatile.Read(ref _shutdownManager) is null)
            {
                // One that loses the race has not been used, and holds nothing.
                Interlocked.CompareExchange(ref _shutdownManager, new ShutdownManager(this), null);
            }

            return _shutdownManager!;
        }
    }

    /// <summary>Opens a stream of signals. They are buffered from this call on.</summary>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The receiver; keep it in a <c>using</c>.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to: it cannot be caught (SIGKILL, SIGSTOP,
    /// SIGPIPE), or the runtime needs it (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGRTMIN). Then none of them is.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public SignalReceiver OpenSignalReceiver(params ShutdownSignal[] signals) => OpenSignalReceiver(SignalReceiverOptions.Default, signals, default);

    /// <inheritdoc cref="OpenSignalReceiver(ShutdownSignal[])"/>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <param name="cancellationToken">Cancels every wait for a signal of the receiver; the receiver itself stays open until it is disposed.</param>
    public SignalReceiver OpenSignalReceiver(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        OpenSignalReceiver(SignalReceiverOptions.Default, signals, cancellationToken);

    /// <inheritdoc cref="OpenSignalReceiver(ShutdownSignal[])"/>
    /// <param name="options">How it buffers and delivers.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    public SignalReceiver OpenSignalReceiver(SignalReceiverOptions options, params ShutdownSignal[] signals) => OpenSignalReceiver(options, signals, default);

    /// <inheritdoc cref="OpenSignalReceiver(ShutdownSignal[])"/>
    /// <param name="options">How it buffers and delivers.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <param name="cancellationToken">Cancels every wait for a signal of the receiver; the receiver itself stays open until it is disposed.</param>
    public SignalReceiver OpenSignalReceiver(SignalReceiverOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return OpenSignalReceiver(options, SignalDoor.Check(signals), nameof(OpenSignalReceiver), cancellationToken);
    }

    /// <summary>Makes a cancellation source that the first signal which asks the process to end cancels.</summary>
    /// <inheritdoc cref="CancelOn(ShutdownSignal[])"/>
    public SignalCancellationTokenSource CancelOn() => CancelOn(SignalListenOptions.Default, ShutdownSignals.Terminating, default);

    /// <summary>Makes a cancellation source that the first of the given signals cancels.</summary>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The source; keep it in a <c>using</c>. Disposing it gives the signals back.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public SignalCancellationTokenSource CancelOn(params ShutdownSignal[] signals) => CancelOn(SignalListenOptions.Default, signals, default);

    /// <summary>Makes a cancellation source that a token or the first signal which asks the process to end cancels.</summary>
    /// <inheritdoc cref="CancelOn(ShutdownSignal[])"/>
    /// <param name="linkedToken">Cancels the source too; <see cref="SignalCancellationTokenSource.Signal"/> then stays null.</param>
    public SignalCancellationTokenSource CancelOn(CancellationToken linkedToken) => CancelOn(SignalListenOptions.Default, ShutdownSignals.Terminating, linkedToken);

    /// <summary>Makes a cancellation source that a token or the first of the given signals cancels.</summary>
    /// <inheritdoc cref="CancelOn(ShutdownSignal[])"/>
    /// <param name="linkedToken">Cancels the source too; <see cref="SignalCancellationTokenSource.Signal"/> then stays null.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    public SignalCancellationTokenSource CancelOn(CancellationToken linkedToken, params ShutdownSignal[] signals) =>
        CancelOn(SignalListenOptions.Default, signals, linkedToken);

    /// <inheritdoc cref="CancelOn(CancellationToken, ShutdownSignal[])"/>
    public SignalCancellationTokenSource CancelOn(IEnumerable<ShutdownSignal> signals, CancellationToken linkedToken = default) =>
        CancelOn(SignalListenOptions.Default, signals, linkedToken);

    /// <inheritdoc cref="CancelOn(CancellationToken, ShutdownSignal[])"/>
    /// <param name="options">How it listens.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <param name="linkedToken">Cancels the source too; <see cref="SignalCancellationTokenSource.Signal"/> then stays null.</param>
    public SignalCancellationTokenSource CancelOn(SignalListenOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken linkedToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SignalCancellationTokenSource(Router, nameof(CancelOn), SignalDoor.Check(signals), options, linkedToken);
    }

    /// <summary>Cancels a source that exists already at the first signal which asks the process to end.</summary>
    /// <inheritdoc cref="CancelOn(CancellationTokenSource, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable CancelOn(CancellationTokenSource source) => CancelOn(source, SignalListenOptions.Default, ShutdownSignals.Terminating);

    /// <summary>Cancels a source that exists already at the first of the given signals.</summary>
    /// <inheritdoc cref="CancelOn(CancellationTokenSource, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable CancelOn(CancellationTokenSource source, params ShutdownSignal[] signals) => CancelOn(source, SignalListenOptions.Default, signals);

    /// <summary>Cancels a source that exists already at the first of the given signals.</summary>
    /// <inheritdoc cref="CancelOn(CancellationTokenSource, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable CancelOn(CancellationTokenSource source, IEnumerable<ShutdownSignal> signals) => CancelOn(source, SignalListenOptions.Default, signals);

    /// <summary>Cancels a source that exists already at the first of the given signals.</summary>
    /// <param name="source">What to cancel.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The link. Disposing it gives the signals back; the source lives on.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public IDisposable CancelOn(CancellationTokenSource source, SignalListenOptions options, IEnumerable<ShutdownSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var listener = new CancelListener(Router, nameof(CancelOn), source);
        listener.Open(SignalDoor.Check(signals), options);
        return listener;
    }

    /// <summary>Cancels a scope at the first signal that asks the process to end.</summary>
    /// <inheritdoc cref="CancelOn(CancelScope, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable CancelOn(CancelScope scope) => CancelOn(scope, SignalListenOptions.Default, ShutdownSignals.Terminating);

    /// <summary>Cancels a scope at the first of the given signals.</summary>
    /// <inheritdoc cref="CancelOn(CancelScope, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable CancelOn(CancelScope scope, params ShutdownSignal[] signals) => CancelOn(scope, SignalListenOptions.Default, signals);

    /// <summary>Cancels a scope at the first of the given signals.</summary>
    /// <inheritdoc cref="CancelOn(CancelScope, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable CancelOn(CancelScope scope, IEnumerable<ShutdownSignal> signals) => CancelOn(scope, SignalListenOptions.Default, signals);

    /// <summary>Cancels a scope at the first of the given signals.</summary>
    /// <param name="scope">What to cancel; that of a group is <see cref="TaskGroup.CancelScope"/>.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The link. It need not be kept: the end of the scope gives the signals back, and so does disposing it.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    /// <exception cref="InvalidOperationException">The scope has ended.</exception>
    public IDisposable CancelOn(CancelScope scope, SignalListenOptions options, IEnumerable<ShutdownSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(options);
        var listener = new ScopeCancelListener(Router, scope);
        listener.Open(SignalDoor.Check(signals), options);
        scope.Link(listener);
        return listener;
    }

    /// <summary>Blocks until a signal asks the process to end.</summary>
    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public ShutdownSignal WaitForShutdown() => WaitForShutdown(ShutdownSignals.Terminating);

    /// <summary>Blocks until a signal asks the process to end.</summary>
    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public ShutdownSignal WaitForShutdown(CancellationToken cancellationToken) => WaitForShutdown(ShutdownSignals.Terminating, cancellationToken);

    /// <summary>Blocks until the first of the given signals.</summary>
    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public ShutdownSignal WaitForShutdown(params ShutdownSignal[] signals) => WaitForShutdown((IEnumerable<ShutdownSignal>)signals);

    /// <summary>Blocks until the first of the given signals.</summary>
    /// <remarks>From then on the signals stay claimed for the life of the process, so that a second Ctrl-C does not kill the clean-up that
    /// follows; at <see cref="MaxAttempts"/> the process ends by the signal all the same. A signal that came before the call, and that a callback or a
    /// receiver took, does not end the wait: where a callback stops the program, wait for what it stops.</remarks>
    /// <returns>The signal that came.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; what was claimed is given back.</exception>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public ShutdownSignal WaitForShutdown(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        WaitForShutdown(SignalListenOptions.Default, signals, cancellationToken);

    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public ShutdownSignal WaitForShutdown(SignalListenOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        WaitForShutdownAsync(options, signals, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until a signal asks the process to end.</summary>
    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public Task<ShutdownSignal> WaitForShutdownAsync(CancellationToken cancellationToken = default) =>
        WaitForShutdownAsync(SignalListenOptions.Default, ShutdownSignals.Terminating, cancellationToken);

    /// <summary>Waits until the first of the given signals.</summary>
    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public Task<ShutdownSignal> WaitForShutdownAsync(params ShutdownSignal[] signals) => WaitForShutdownAsync(SignalListenOptions.Default, signals, default);

    /// <summary>Waits until the first of the given signals.</summary>
    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public Task<ShutdownSignal> WaitForShutdownAsync(IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default) =>
        WaitForShutdownAsync(SignalListenOptions.Default, signals, cancellationToken);

    /// <summary>Waits until the first of the given signals.</summary>
    /// <inheritdoc cref="WaitForShutdown(IEnumerable{ShutdownSignal}, CancellationToken)"/>
    public Task<ShutdownSignal> WaitForShutdownAsync(SignalListenOptions options, IEnumerable<ShutdownSignal> signals, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ShutdownWait(Router, _keeper, nameof(WaitForShutdown)).WaitAsync(SignalDoor.Check(signals), options, cancellationToken);
    }

    /// <summary>Calls back, once, when a signal asks the process to end.</summary>
    /// <inheritdoc cref="OnShutdown(Action{ShutdownSignal}, ShutdownSignal[])"/>
    public IDisposable OnShutdown(Action<ShutdownSignal> callback) => OnShutdown(callback, ShutdownSignals.Terminating);

    /// <summary>Calls back, once, at the first of the given signals.</summary>
    /// <inheritdoc cref="OnShutdown(Func{ShutdownSignal, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable OnShutdown(Action<ShutdownSignal> callback, params ShutdownSignal[] signals) => OnShutdown(callback, (IEnumerable<ShutdownSignal>)signals);

    /// <summary>Calls back, once, at the first of the given signals.</summary>
    /// <inheritdoc cref="OnShutdown(Func{ShutdownSignal, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable OnShutdown(Action<ShutdownSignal> callback, IEnumerable<ShutdownSignal> signals) =>
        OnShutdown(callback, SignalListenOptions.Default, signals);

    /// <summary>Calls back, once, at the first of the given signals.</summary>
    /// <inheritdoc cref="OnShutdown(Func{ShutdownSignal, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable OnShutdown(Action<ShutdownSignal> callback, SignalListenOptions options, IEnumerable<ShutdownSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return OnShutdown(
            signal =>
            {
                callback(signal);
                return Task.CompletedTask;
            },
            options,
            signals);
    }

    /// <summary>Calls back, once, when a signal asks the process to end.</summary>
    /// <inheritdoc cref="OnShutdown(Func{ShutdownSignal, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable OnShutdown(Func<ShutdownSignal, Task> callback) => OnShutdown(callback, SignalListenOptions.Default, ShutdownSignals.Terminating);

    /// <summary>Calls back, once, at the first of the given signals.</summary>
    /// <inheritdoc cref="OnShutdown(Func{ShutdownSignal, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable OnShutdown(Func<ShutdownSignal, Task> callback, params ShutdownSignal[] signals) => OnShutdown(callback, SignalListenOptions.Default, signals);

    /// <summary>Calls back, once, at the first of the given signals.</summary>
    /// <inheritdoc cref="OnShutdown(Func{ShutdownSignal, Task}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public IDisposable OnShutdown(Func<ShutdownSignal, Task> callback, IEnumerable<ShutdownSignal> signals) => OnShutdown(callback, SignalListenOptions.Default, signals);

    /// <summary>Calls back, once, at the first of the given signals.</summary>
    /// <remarks>The callback runs on a delivery thread of the library, or, when the signal came through the thread pool, perhaps on the thread that
    /// brought it. It may block either. What it throws is reported and harms nobody.
    /// It is not called at a normal end of the process. The signals stay claimed after the call, so that a second Ctrl-C does not kill the
    /// clean-up; at <see cref="MaxAttempts"/> the process ends by the signal all the same.</remarks>
    /// <param name="callback">What to call, with the signal that came.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The registration. Disposing it gives the signals back; one that has arrived, but not reached the callback, is raised again. It need
    /// not be kept: the hub holds it.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public IDisposable OnShutdown(Func<ShutdownSignal, Task> callback, SignalListenOptions options, IEnumerable<ShutdownSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentNullException.ThrowIfNull(options);
        var listener = new ShutdownListener(Router, nameof(OnShutdown), callback);
        listener.Open(SignalDoor.Check(signals), options);
        return listener;
    }

    /// <summary>Runs the main function of a program, with a token that the first signal which asks the process to end cancels.</summary>
    /// <inheritdoc cref="Run(Func{CancellationToken, Task{int}}, ShutdownSignal[])"/>
    public int Run(Func<CancellationToken, Task> main) => Run(main, [.. ShutdownSignals.Terminating]);

    /// <summary>Runs the main function of a program, with a token that the first of the given signals cancels.</summary>
    /// <inheritdoc cref="Run(Func{CancellationToken, Task{int}}, ShutdownSignal[])"/>
    public int Run(Func<CancellationToken, Task> main, params ShutdownSignal[] signals) => Run(main, SignalListenOptions.Default, signals);

    /// <summary>Runs the main function of a program, with a token that the first of the given signals cancels.</summary>
    /// <inheritdoc cref="Run(Func{CancellationToken, Task{int}}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public int Run(Func<CancellationToken, Task> main, SignalListenOptions options, IEnumerable<ShutdownSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(options);
        return MainProgram.Run(this, SignalDoor.Check(signals), options, async token =>
        {
            await main(token).ConfigureAwait(false);
            return null;
        });
    }

    /// <summary>Runs the main function of a program, with a token that the first signal which asks the process to end cancels.</summary>
    /// <inheritdoc cref="Run(Func{CancellationToken, Task{int}}, ShutdownSignal[])"/>
    public int Run(Func<CancellationToken, Task<int>> main) => Run(main, [.. ShutdownSignals.Terminating]);

    /// <summary>Runs the main function of a program, with a token that the first of the given signals cancels.</summary>
    /// <inheritdoc cref="Run(Func{CancellationToken, Task{int}}, SignalListenOptions, IEnumerable{ShutdownSignal})"/>
    public int Run(Func<CancellationToken, Task<int>> main, params ShutdownSignal[] signals) => Run(main, SignalListenOptions.Default, signals);

    /// <summary>Runs the main function of a program, with a token that the first of the given signals cancels.</summary>
    /// <remarks>
    /// <para>Blocks the calling thread, which is meant to be the main one, until the function has ended. The function has no
    /// <see cref="SynchronizationContext"/>. The second signal changes nothing; the third (<see cref="MaxAttempts"/>) ends the process by the signal.</para>
    /// <para>When a signal cancelled the token and the function asks for no exit code of its own (it returns none, sets no
    /// <see cref="Environment.ExitCode"/>, or lets the cancellation through), the process ends by that signal once the caller returns the
    /// code from its own main function or sets no other: a shell then sees what really happened. <see cref="AppDomain.ProcessExit"/> handlers run before.</para>
    /// </remarks>
    /// <param name="main">The program. An <see cref="OperationCanceledException"/> after a signal is its normal end; any other exception is passed on.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="signals">At least one. Repetitions count once.</param>
    /// <returns>The exit code for the caller to return: the function's own, 128+n after a signal, or 0.</returns>
    /// <exception cref="ArgumentException">No signal is given, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public int Run(Func<CancellationToken, Task<int>> main, SignalListenOptions options, IEnumerable<ShutdownSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(options);
        return MainProgram.Run(this, SignalDoor.Check(signals), options, async token => await main(token).ConfigureAwait(false));
    }

    /// <summary>Sends a signal to the own process: to this library's listeners and, as for every signal, to its other owners; with nobody listening the system's default follows.</summary>
    /// <remarks>Returns when the signal is on its way; with the portable source listeners are told a moment later. Windows: the
    /// event reaches the listeners of this library only, since the system would send it to every process of the console. With nobody listening here the handlers of
    /// its other owners are called, on a thread of its own, and the process ends unless one of them sets Cancel.</remarks>
    /// <exception cref="ArgumentException">No platform has such a signal.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have the signal.</exception>
    public void Raise(ShutdownSignal signal) => Router.Source.Raise(SignalDoor.CheckForSending(signal));

    /// <summary>Sends a signal with a value to the own process, as sigqueue(3) does.</summary>
    /// <remarks>A real-time signal never merges with another. Of a standard one the kernel keeps one pending, with the value of the first, and drops what comes meanwhile.
    /// Listeners find the value in <see cref="SignalOrigin.Value"/>, unless the source is the portable one, which cannot see it.</remarks>
    /// <inheritdoc cref="Raise(ShutdownSignal)"/>
    /// <exception cref="PlatformNotSupportedException">This platform does not have the signal, or, as Windows and macOS, no signals with values.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The kernel's queue is full (EAGAIN; RLIMIT_SIGPENDING of getrlimit(2)): the signal was not sent.</exception>
    public void Raise(ShutdownSignal signal, int value) => Router.Source.Raise(SignalDoor.CheckForSending(signal), value);

    /// <summary>Ends the process by a signal, so that its parent sees that and not an exit code.</summary>
    /// <remarks><see cref="AppDomain.ProcessExit"/> handlers run first, <c>finally</c> blocks do not (as with <c>Environment.Exit</c>). As process 1 of a
    /// container, which no signal of its own can end, the exit code is 128+n. Windows: the exit code is 0xC000013A.</remarks>
    /// <exception cref="ArgumentException">The signal does not end a process by default (SIGCHLD, SIGCONT, SIGWINCH and those that stop one), or no platform has it.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have the signal.</exception>
    [DoesNotReturn]
    public void ExitBySignal(ShutdownSignal signal) => Router.Exit.Exit(SignalDoor.CheckForEnding(signal));

    internal SignalReceiver OpenSignalReceiver(SignalReceiverOptions options, ShutdownSignal[] signals, string surface, CancellationToken cancellationToken)
    {
        var core = new ReceiverCore(Router, surface, options, cancellationToken);
        core.Open(signals);
        return new SignalReceiver(core);
    }
}
