namespace SignalStreams;

/// <summary>An open stream of signals: <c>await foreach (var signal in receiver)</c>.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Signals are buffered from the moment it opens, whether or not anyone reads yet.</item>
/// <item>Each receiver has its own copy of every signal. Of several readers of one receiver each is served in turn, and each delivery goes to exactly one.</item>
/// <item>A cancelled wait loses no signal: what arrived meanwhile is there for the next read.</item>
/// <item>Disposing it gives the signals back to the operating system, unless others listen to them too. A terminating signal that it
/// has not read is raised again (<see cref="SignalReceiverOptions.Unread"/>), unless it has read one already.</item>
/// <item>Keep it in a <c>using</c>. <c>await foreach</c> over a receiver that nothing else holds disposes the enumerator, not the receiver,
/// which then is closed by the garbage collector at some later time, and reported.</item>
/// <item>All members are thread-safe.</item>
/// </list>
/// </remarks>
public sealed class SignalReceiver : IAsyncEnumerable<ShutdownSignal>, IAsyncDisposable, IDisposable
{
    internal SignalReceiver(ReceiverCore core) => Core = core;

    /// <summary>Closes a receiver that became unreachable.</summary>
    ~SignalReceiver() => Core.Abandon();

    internal ReceiverCore Core { get; }

    /// <summary>The signals that it listens to, under the names that it was given, without repetition.</summary>
    public IReadOnlyCollection<ShutdownSignal> Subscribed => Core.Subscribed;

    /// <summary>The signals among them that the process was started with as ignored and that therefore never arrive.</summary>
    /// <value>Tested on Linux only; Windows has no such thing. See <see cref="SignalReceiverOptions.OverrideIgnored"/>.</value>
    public IReadOnlyCollection<ShutdownSignal> Ignored => Core.Ignored;

    /// <summary>How many repeats merged into a pending delivery, since it opened.</summary>
    public long Coalesced => Core.Coalesced;

    /// <summary>How many queued signals were lost to a full buffer, since it opened.</summary>
    public long Lost => Core.Lost;

    /// <summary>Listens to one more signal from now on; to one that it listens to already, nothing changes.</summary>
    /// <exception cref="ArgumentException">The signal cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have the signal.</exception>
    /// <exception cref="ObjectDisposedException">The receiver is closed.</exception>
    public void Add(ShutdownSignal signal) => Core.Subscribe(SignalDoor.Check([signal], nameof(signal)));

    /// <summary>Listens to a signal no longer; what arrived before can still be read. To remove the last signal does not end an enumeration.</summary>
    /// <returns>Whether it listened to the signal.</returns>
    public bool Remove(ShutdownSignal signal)
    {
        signal = signal.Normalize();
        var listened = Core.Subscribed.Contains(signal);
        Core.Unsubscribe([signal]);
        return listened;
    }

    /// <summary>Waits for the next signal.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the one that the receiver was opened with. No signal is lost by it.</exception>
    /// <exception cref="ObjectDisposedException">The receiver is or was closed.</exception>
    public ValueTask<ShutdownSignal> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        if (Core.CancelledBy(cancellationToken) is { IsCancellationRequested: true } cancelled)
        {
            return ValueTask.FromCanceled<ShutdownSignal>(cancelled);
        }

        return Core.Read(this, cancellationToken, out var delivery) is { } waiter ? new ValueTask<ShutdownSignal>(waiter, waiter.Version)
            : delivery.Sequence > 0 ? new ValueTask<ShutdownSignal>(delivery.Signal)
            : ValueTask.FromException<ShutdownSignal>(Closed());
    }

    /// <summary>Waits for the next signal and all that is known of it: order, time, sender.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the one that the receiver was opened with. No signal is lost by it.</exception>
    /// <exception cref="ObjectDisposedException">The receiver is or was closed.</exception>
    public ValueTask<SignalDelivery> ReceiveDeliveryAsync(CancellationToken cancellationToken = default)
    {
        if (Core.CancelledBy(cancellationToken) is { IsCancellationRequested: true } cancelled)
        {
            return ValueTask.FromCanceled<SignalDelivery>(cancelled);
        }

        return Core.Read(this, cancellationToken, out var delivery) is { } waiter ? new ValueTask<SignalDelivery>(waiter, waiter.Version)
            : delivery.Sequence > 0 ? new ValueTask<SignalDelivery>(delivery)
            : ValueTask.FromException<SignalDelivery>(Closed());
    }

    /// <summary>Takes a signal that has arrived, without waiting.</summary>
    /// <returns>False when there is none, or the receiver is closed.</returns>
    public bool TryReceive(out ShutdownSignal signal)
    {
        var read = Core.TryRead(out var delivery);
        signal = delivery.Signal;
        return read;
    }

    /// <summary>The stream of signals with all that is known of each. It ends when the receiver is closed.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>; the receiver stays open.</param>
    public IAsyncEnumerable<SignalDelivery> ReadDeliveriesAsync(CancellationToken cancellationToken = default) => new DeliveryEnumerable(this, cancellationToken);

    /// <summary>The stream of signals. It ends when the receiver is closed.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>; the receiver stays open.</param>
    public IAsyncEnumerator<ShutdownSignal> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new SignalEnumerator(this, cancellationToken);

    /// <summary>Closes the receiver: gives the signals back, ends enumerations, makes pending reads throw. Never throws and runs no user code.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Core.Close();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static ObjectDisposedException Closed() => new(typeof(SignalReceiver).FullName);
}
