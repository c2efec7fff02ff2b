namespace SignalStreams.Testing;

/// <summary>A hub whose signals a test raises by hand, and whose process does not end.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Give <see cref="Hub"/> to the code under test, or install it for code that calls <see cref="Signals"/> directly (<see cref="TestSignals.Install"/>).</item>
/// <item>Each one is a world of its own: tests run in parallel without seeing each other's signals.</item>
/// <item>What would have ended the process is recorded in <see cref="Ended"/>, and the test goes on.</item>
/// <item>All members are thread-safe.</item>
/// </list>
/// </remarks>
public sealed class TestSignalHub : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestProcessExit _exit = new();
    private readonly TestSignalSource _source;
    private Action? _uninstall;

    /// <summary>Makes a hub that nobody listens to yet.</summary>
    /// <param name="time">The clock for timestamps and for telling one attempt from the next; the system's by default. Any implementation will do.</param>
    public TestSignalHub(TimeProvider? time = null)
        : this(time, uninstall: null)
    {
    }

    internal TestSignalHub(TimeProvider? time, Action? uninstall)
    {
        time ??= TimeProvider.System;
        _source = new TestSignalSource(time, _exit);
        _uninstall = uninstall;
        Hub = new SignalHub(_source, _exit, time) { IsOfTest = true };
        _source.Router = Hub.Router;
    }

    /// <summary>The hub for the code under test.</summary>
    public SignalHub Hub { get; }

    /// <summary>The manager of the hub: what <see cref="ShutdownManager.Default"/> is where the hub is installed. It knows no budget of a platform, sees no host, and prints no timeline.</summary>
    public ShutdownManager ShutdownManager => Hub.ShutdownManager;

    /// <summary>Who listens to what, now.</summary>
    public IReadOnlyList<TestListener> Listeners => [.. Hub.Router.Snapshot().Select(s => new TestListener(s.Name, s.Listener.Surface))];

    /// <summary>The signals that were raised while nobody listened to them.</summary>
    public IReadOnlyList<ShutdownSignal> Unheard => _source.Unheard;

    /// <summary>How the process would have ended first; null while it would live.</summary>
    public TestProcessEnd? Ended => _exit.Ended;

    /// <summary>Raises a signal as the operating system would.</summary>
    /// <remarks>When it returns, the signal is in the buffer of every receiver and every token is cancelled; a token that is
    /// linked to one, and the callbacks of both, follow a moment later. Callbacks of <see cref="SignalHub.OnShutdown(Action{ShutdownSignal})"/> and
    /// loops over receivers run on delivery threads.
    /// A signal that nobody hears is recorded in <see cref="Unheard"/>; if the system would have ended the process for it, also in <see cref="Ended"/>.</remarks>
    /// <param name="signal">Any signal that can be listened to on this platform.</param>
    /// <param name="origin">Who is to have sent it; by default a test.</param>
    /// <returns>Whether anyone listened.</returns>
    /// <exception cref="ArgumentException">The signal cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have the signal.</exception>
    public bool Raise(ShutdownSignal signal, SignalOrigin? origin = null) =>
        _source.Raise(SignalDoor.Check([signal], nameof(signal))[0], origin ?? new SignalOrigin { Kind = SignalOriginKind.Test });

    /// <summary>Does what happens when the main function returns, or somebody calls <c>Environment.Exit</c>: exit handlers run. Returns when the process would be gone.</summary>
    /// <param name="exitCode">What the main function returns, or the call asks for; null for a main function that returns nothing.</param>
    public TestProcessEnd ReturnFromMain(int? exitCode = null) => _exit.ReturnFromMain(exitCode);

    /// <summary>Does what happens when nobody catches an exception: exit handlers run. Returns when the process would be gone.</summary>
    /// <param name="exception">The exception.</param>
    public TestProcessEnd ThrowUnhandled(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return _exit.ThrowUnhandled(exception);
    }

    /// <summary>Says whether anyone listens to a signal now.</summary>
    public bool IsListening(ShutdownSignal signal)
    {
        signal = signal.Normalize();
        return Hub.Router.Snapshot().Any(s => s.Name == signal || s.Event == signal);
    }

    /// <summary>Waits until the code under test listens to a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="timeout">How long to wait in real time, whatever clock the hub has; 30 s by default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Nobody listened in time; the message says who listens to what.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task WaitForListenerAsync(ShutdownSignal signal, TimeSpan? timeout = null, CancellationToken cancellationToken = default) => WaitAsync(
        () => IsListening(signal),
        changed => Hub.Router.ListenersChanged += changed,
        changed => Hub.Router.ListenersChanged -= changed,
        () => $"Nobody listened to {signal.GetName()}. {Describe()}",
        timeout ?? Patience,
        cancellationToken);

    /// <summary>Waits until the process would have ended.</summary>
    /// <param name="timeout">How long to wait in real time, whatever clock the hub has; 30 s by default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It would not have ended in time; the message says who listens to what.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<TestProcessEnd> WaitForEndAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        await WaitAsync(
            () => Ended is not null,
            changed => _exit.Changed += changed,
            changed => _exit.Changed -= changed,
            () => $"Nothing ended the process. {Describe()}",
            timeout ?? Patience,
            cancellationToken).ConfigureAwait(false);
        return Ended!;
    }

    /// <summary>Closes everything that is still open on the hub; a hub that was installed is so no longer.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _uninstall, null)?.Invoke();
        Hub.Router.CloseAll();
        Hub.CloseShutdownManager();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task WaitAsync(
        Func<bool> condition, Action<Action> watch, Action<Action> unwatch, Func<string> complaint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (condition())
            {
                met.TrySetResult();
            }
        }

        watch(Look);
        try
        {
            Look();
            await met.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{complaint()} Waited {timeout.TotalSeconds:0.###} s.");
        }
        finally
        {
            unwatch(Look);
        }
    }

    private string Describe()
    {
        var listeners = Listeners;
        return listeners.Count == 0
            ? "Nobody listens to anything: did the code under test get this hub?"
            : $"Listening: {string.Join(", ", listeners)}.";
    }
}
