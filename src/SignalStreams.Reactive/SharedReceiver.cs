using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>One loop over a receiver on behalf of all who observe it, from the first subscriber on until none is left.</summary>
internal static class SharedReceiver
{
    private static readonly ConditionalWeakTable<SignalReceiver, IObservable<SignalDelivery>> All = [];

    public static IObservable<SignalDelivery> Of(SignalReceiver receiver) => All.GetValue(receiver, static receiver =>
        Observable.Create<SignalDelivery>(observer =>
        {
            var pause = new CancellationDisposable();
            _ = PumpAsync(receiver, observer, pause.Token);
            return pause;
        }).Publish().RefCount());

    // A cancelled wait leaves the signal in the receiver, so to pause loses nothing.
    private static async Task PumpAsync(SignalReceiver receiver, IObserver<SignalDelivery> observer, CancellationToken pause)
    {
        try
        {
            await foreach (var delivery in receiver.ReadDeliveriesAsync(pause).ConfigureAwait(false))
            {
                observer.OnNext(delivery);
            }
        }
        catch (OperationCanceledException) when (pause.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            // The token that the receiver was opened with: nothing more can come of it.
        }

        observer.OnCompleted();
    }
}
