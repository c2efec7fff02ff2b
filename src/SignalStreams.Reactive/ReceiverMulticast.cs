using System.Runtime.CompilerServices;

#pragma warning disable CA1031 // Whatever an observer throws ends its own subscription and nothing else.

namespace SignalStreams;

/// <summary>Reads a receiver on behalf of all who observe it, as long as there is one.</summary>
/// <remarks>
/// <list type="number">
/// <item>There is one for a receiver, and one loop at a time: the observers see one order, each of them one call at a time.</item>
/// <item>The loop ends only by its own decision, under the gate; an observer who comes before that is served by it.</item>
/// <item>What it has read when the last observer leaves goes back into the receiver, to its place.</item>
/// </list>
/// </remarks>
internal sealed class ReceiverMulticast(SignalReceiver receiver)
{
    private const string Surface = "ToObservable";

    private static readonly ConditionalWeakTable<SignalReceiver, ReceiverMulticast> All = [];

    private readonly Lock _gate = new();
    private readonly ReceiverCore _core = receiver.Core;
    private ReceiverObserver[] _observers = [];
    private CancellationTokenSource? _pause;
    private bool _isRunning;

    public static ReceiverMulticast Of(SignalReceiver receiver) => All.GetValue(receiver, static receiver => new ReceiverMulticast(receiver));

    public void Add(ReceiverObserver observer)
    {
        lock (_gate)
        {
            _observers = [.. _observers, observer];
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        // No observer lends its AsyncLocals to the others.
        using var noFlow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _ = PumpAsync();
    }

    public void Remove(ReceiverObserver observer)
    {
        CancellationTokenSource? pause = null;
        lock (_gate)
        {
            _observers = Array.FindAll(_observers, o => o != observer);
            if (_observers.Length == 0)
            {
                pause = _pause;
            }
        }

        // The loop goes on here for a moment, up to where it sees whether it is needed.
        pause?.Cancel();
    }

    private async Task PumpAsync()
    {
        while (TryContinue(out var pause))
        {
            // Not on the thread that subscribed, or that let go of the wait.
            await new DeliveryThread(_core);
            if (!await TryServeAsync(pause).ConfigureAwait(false))
            {
                await new DeliveryThread(_core);
                End();
                return;
            }
        }
    }

    private bool TryContinue(out CancellationToken pause)
    {
        lock (_gate)
        {
            _pause = (_isRunning = _observers.Length > 0) ? new CancellationTokenSource() : null;
            pause = _pause?.Token ?? default;
            return _isRunning;
        }
    }

    /// <returns>False when there is nothing more to come.</returns>
    private async Task<bool> TryServeAsync(CancellationToken pause)
    {
        try
        {
            while (await _core.ReadAsync(receiver, pause).ConfigureAwait(false) is { Sequence: > 0 } delivery)
            {
                if (!DeliveryThread.IsCurrent(_core))
                {
                    await new DeliveryThread(_core);
                }

                Serve(in delivery);
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            // Either nobody observes for now, or the token is cancelled that the receiver was opened with: then nothing can be read from it again.
            return pause.IsCancellationRequested;
        }
    }

    private void Serve(in SignalDelivery delivery)
    {
        ReceiverObserver[] observers;
        lock (_gate)
        {
            observers = _observers;
        }

        var seen = false;
        foreach (var observer in observers)
        {
            seen |= TryCall(observer, in delivery);
        }

        if (!seen)
        {
            _core.PutBack(in delivery);
        }
    }

    private void End()
    {
        ReceiverObserver[] observers;
        lock (_gate)
        {
            observers = _observers;
            _observers = [];
            _isRunning = false;
        }

        foreach (var observer in observers)
        {
            try
            {
                observer.Complete();
            }
            catch (Exception e)
            {
                SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
            }
        }
    }

    /// <returns>Whether the observer was still there.</returns>
    private static bool TryCall(ReceiverObserver observer, in SignalDelivery delivery)
    {
        try
        {
            return observer.TryNext(in delivery);
        }
        catch (Exception e)
        {
            SignalStreamsEventSource.Log.ConsumerFailed(Surface, e.ToString());
            observer.Dispose();
            return true;
        }
    }
}
