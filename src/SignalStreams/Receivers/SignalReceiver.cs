using System.Runtime.CompilerServices;

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
    private readonly ReceiverCore _core;

    internal SignalReceiver(ReceiverCore core) => _core = core;

    /// <summary>Closes a receiver that became unreachable.</summary>
    ~SignalReceiver() => _core.Abandon();

    /// <summary>The signals that it listens to, under the names that it was given, without repetition.</summary>
    public IReadOnlyCollection<ShutdownSignal> Subscribed => _core.Subscribed;

    /// <summary>The signals among them that the process was started with as ignored and that therefore never arrive.</summary>
    /// <value>Known on Linux only. See <see cref="SignalReceiverOptions.OverrideIgnored"/>.</value>
    public IReadOnlyCollection<ShutdownSignal> Ignored => _core.Ignored;

    /// <summary>How many repeats merged into a pending delivery, since it opened.</summary>
    public long Coalesced => _core.Coalesced;

    /// <summary>How many queued signals were lost to a full buffer, since it opened.</summary>
    public long Lost => _core.Lost;

    internal ReceiverCore Core => _core;

    /// <summary>Listens to one more signal from now on; to one that it listens to already, nothing changes.</summary>
    /// <exception cref="ArgumentException">The signal cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have the signal.</exception>
    /// <exception cref="ObjectDisposedException">The receiver is closed.</exception>
    public void Add(ShutdownSignal signal) => _core.Subscribe(SignalDoor.Check([signal], nameof(signal)));

    /// <summary>Listens to a signal no longer; what arrived before can still be read. To remove the last signal does not end an enumeration.</summary>
    /// <returns>Whether it listened to the signal.</returns>
    public bool Remove(ShutdownSignal signal)
    {
        signal = signal.Normalize();
        var listened = _core.Subscribed.Contains(signal);
        _core.Unsubscribe([signal]);
        return listened;
    }

    /// <summary>Waits for the next signal.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the one that the receiver was opened with. No signal is lost by it.</exception>
    /// <exception cref="ObjectDisposedException">The receiver is or was closed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ShutdownSignal> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        var delivery = await _core.ReadAsync(this, cancellationToken).ConfigureAwait(false);
        return OpenOrThrow(in delivery).Signal;
    }

    /// <summary>Waits for the next signal and all that is known of it: order, time, sender.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the one that the receiver was opened with. No signal is lost by it.</exception>
    /// <exception cref="ObjectDisposedException">The receiver is or was closed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SignalDelivery> ReceiveDeliveryAsync(CancellationToken cancellationToken = default)
    {
        var delivery = await _core.ReadAsync(this, cancellationToken).ConfigureAwait(false);
        return OpenOrThrow(in delivery);
    }

    /// <summary>Takes a signal that has arrived, without waiting.</summary>
    /// <returns>False when there is none, or the receiver is closed.</returns>
    public bool TryReceive(out ShutdownSignal signal)
    {
        var read = _core.TryRead(out var delivery);
        signal = delivery.Signal;
        return read;
    }

    /// <summary>The stream of signals with all that is known of each. It ends when the receiver is closed.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>; the receiver stays open.</param>
    public async IAsyncEnumerable<SignalDelivery> ReadDeliveriesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _core.ReadAsync(this, cancellationToken).ConfigureAwait(false) is { Sequence: > 0 } delivery)
        {
            yield return delivery;
        }
    }

    /// <summary>The stream of signals. It ends when the receiver is closed.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>; the receiver stays open.</param>
    public async IAsyncEnumerator<ShutdownSignal> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (await _core.ReadAsync(this, cancellationToken).ConfigureAwait(false) is { Sequence: > 0 } delivery)
        {
            yield return delivery.Signal;
        }
    }

    /// <summary>Closes the receiver: gives the signals back, ends enumerations, makes pending reads throw. Never throws and runs no user code.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _core.Close();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Dispose();
        return ValueTask.CompletedTask;
    }

    private SignalDelivery OpenOrThrow(in SignalDelivery delivery)
    {
        ObjectDisposedException.ThrowIf(delivery.Sequence == 0, this);
        return delivery;
    }
}
