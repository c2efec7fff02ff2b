using System.Reactive.Disposables;
using System.Reactive.Linq;
using SignalStreams.Tests.Reactive.LikeInteractiveExtensions;
using SignalStreams.Tests.Stress;

namespace SignalStreams.Tests.Reactive
{
    public sealed class ToObservableTests
    {
        private static readonly AsyncLocal<string?> Flow = new();

        [Fact]
        public async Task Subscribers_share_what_the_receiver_reads()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 100 }, SIGHUP, SIGTERM);
            var recorders = Enumerable.Range(0, 3).Select(_ => new Recorder<ShutdownSignal>()).ToArray();
            var deliveries = new Recorder<SignalDelivery>();
            using var subscriptions = new CompositeDisposable(recorders.Select(receiver.ToObservable().Subscribe).Append(receiver.ToDeliveryObservable().Subscribe(deliveries)));
            Assert.Equal(2, test.Listeners.Count);
            for (var i = 0; i < 100; i++)
            {
                test.Raise(i % 2 == 0 ? SIGHUP : SIGTERM);
            }

            foreach (var recorder in recorders)
            {
                Assert.Equal(Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? SIGHUP : SIGTERM), await recorder.NextAsync(100));
                Assert.Equal(0, recorder.Breaches);
            }

            Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), (await deliveries.NextAsync(100)).Select(d => d.Sequence));
        }

        [Fact]
        public async Task What_came_before_the_first_subscriber_waits_for_it()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP, SIGTERM);
            var observable = receiver.ToObservable();
            test.Raise(SIGHUP);
            test.Raise(SIGTERM);
            var recorder = new Recorder<ShutdownSignal>();
            using var subscription = observable.Subscribe(recorder);
            Assert.Equal(SIGHUP, await recorder.NextAsync());
            Assert.Equal(SIGTERM, await recorder.NextAsync());
        }

        [Fact]
        public async Task Without_subscribers_signals_stay_in_the_receiver()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP, SIGTERM);
            var first = new Recorder<ShutdownSignal>();
            var second = new Recorder<ShutdownSignal>();
            using (receiver.ToObservable().Subscribe(first))
            {
                test.Raise(SIGHUP);
                await first.NextAsync();
            }

            test.Raise(SIGTERM);
            test.Raise(SIGHUP);
            Assert.True(receiver.TryReceive(out var signal));
            Assert.Equal(SIGTERM, signal);
            using (receiver.ToObservable().Subscribe(second))
            {
                Assert.Equal(SIGHUP, await second.NextAsync());
            }

            Assert.Equal((1, 1), (first.Count, second.Count));
            Assert.False(first.IsCompleted || second.IsCompleted);
        }

        [Fact]
        public async Task Signal_that_races_the_last_subscriber_is_seen_or_still_in_the_receiver()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGTERM);
            using var duel = new Duel();
            for (var i = 0; i < 3000; i++)
            {
                var recorder = new Recorder<ShutdownSignal>();
                var subscription = receiver.ToObservable().Subscribe(recorder);
                duel.Meet(subscription.Dispose, () => test.Raise(SIGTERM));
                var left = false;
                await Patience.UntilAsync(() => recorder.Count > 0 || (left = receiver.TryReceive(out _)), "the signal");
                Assert.Equal(1, recorder.Count + (left ? 1 : 0));
                duel.Won(here: left);
            }

            duel.AssertBothWon();
        }

        [Fact]
        public async Task Coming_and_going_subscribers_lose_nothing_and_keep_the_order()
        {
            const int Rounds = 500;
            const int Count = Rounds * 10;
            using var test = new TestSignalHub();
            using var rounds = new SemaphoreSlim(0);
            await using var receiver = test.Hub.OpenSignalReceiver(new SignalReceiverOptions { Capacity = Count }, SIGHUP);
            var raising = Task.Run(async () =>
            {
                for (var i = 0; i < Count; i++)
                {
                    if (i % 10 == 0)
                    {
                        await rounds.WaitAsync();
                    }

                    test.Raise(SIGHUP);
                    Thread.SpinWait(i % 200);
                }
            });

            // One observer in all subscriptions: it sees whether a late call of one meets the first of the next.
            var recorder = new Recorder<SignalDelivery>();
            for (var round = 0; round < Rounds; round++)
            {
                var before = recorder.Count;
                using (receiver.ToDeliveryObservable().Subscribe(recorder))
                {
                    rounds.Release();
                    await Patience.UntilAsync(() => recorder.Count > before, "a signal");
                }
            }

            using var rest = receiver.ToDeliveryObservable().Subscribe(recorder);
            await raising.WithLimit();
            Assert.Equal(Enumerable.Range(1, Count).Select(i => (long)i), (await recorder.NextAsync(Count)).Select(d => d.Sequence));
            Assert.Equal(0, recorder.Breaches);
        }

        [Fact]
        public async Task Closing_the_receiver_completes_and_a_subscription_does_not_close_it()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
            var recorder = new Recorder<ShutdownSignal>();
            var gone = new Recorder<ShutdownSignal>();
            using var subscription = receiver.ToObservable().Subscribe(recorder);
            receiver.ToObservable().Subscribe(gone).Dispose();
            Assert.Equal(new TestListener(SIGHUP, "OpenSignalReceiver"), Assert.Single(test.Listeners));
            await receiver.DisposeAsync();
            await recorder.CompletionAsync();
            Assert.False(gone.IsCompleted);

            var late = new Recorder<ShutdownSignal>();
            using var lateSubscription = receiver.ToObservable().Subscribe(late);
            await late.CompletionAsync();
        }

        [Fact]
        public async Task Cancelled_token_of_the_receiver_completes()
        {
            using var test = new TestSignalHub();
            using var cts = new CancellationTokenSource();
            await using var receiver = test.Hub.OpenSignalReceiver([SIGHUP], cts.Token);
            var recorder = new Recorder<ShutdownSignal>();
            using var subscription = receiver.ToObservable().Subscribe(recorder);
            test.Raise(SIGHUP);
            await recorder.NextAsync();
            await cts.CancelAsync();
            await recorder.CompletionAsync();
            Assert.Single(test.Listeners);
        }

        [Fact]
        public async Task Throwing_subscriber_is_reported_and_the_others_see_everything()
        {
            using var test = new TestSignalHub();
            using var reports = new Reports();
            var text = Reports.UniqueText();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
            var bad = new Recorder<ShutdownSignal>(_ => throw new InvalidOperationException(text));
            var healthy = new Recorder<ShutdownSignal>();
            using var a = receiver.ToObservable().Subscribe(bad);
            using var b = receiver.ToObservable().Subscribe(healthy);
            test.Raise(SIGHUP);
            test.Raise(SIGHUP);
            await healthy.NextAsync(2);
            Assert.Equal("ToObservable", (await reports.FailureAsync(text)).Surface);
            Assert.Equal(1, bad.Count);
        }

        [Fact]
        public async Task Subscriber_that_throws_at_the_end_does_not_keep_the_others_from_it()
        {
            using var test = new TestSignalHub();
            using var reports = new Reports();
            var text = Reports.UniqueText();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
            var healthy = new Recorder<ShutdownSignal>();
            using var a = receiver.ToObservable().Subscribe(_ => { }, () => throw new InvalidOperationException(text));
            using var b = receiver.ToObservable().Subscribe(healthy);
            await receiver.DisposeAsync();
            await healthy.CompletionAsync();
            await reports.FailureAsync(text);
        }

        [Fact]
        public async Task Subscribers_may_come_and_go_inside_OnNext()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP, SIGTERM);
            using var own = new SingleAssignmentDisposable();
            using var others = new CompositeDisposable();
            var inner = new Recorder<ShutdownSignal>();
            var outer = new Recorder<ShutdownSignal>(_ =>
            {
                own.Dispose();
                others.Add(receiver.ToObservable().Subscribe(inner));
            });
            own.Disposable = receiver.ToObservable().Subscribe(outer);
            test.Raise(SIGHUP);
            test.Raise(SIGTERM);
            Assert.Equal(SIGTERM, await inner.NextAsync());
            Assert.Equal((1, 1), (outer.Count, inner.Count));
        }

        [Fact]
        public async Task Null_is_refused()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
            Assert.Throws<ArgumentNullException>("receiver", () => _ = ((SignalReceiver)null!).ToObservable());
            Assert.Throws<ArgumentNullException>("receiver", () => _ = ((SignalReceiver)null!).ToDeliveryObservable());
            Assert.Throws<ArgumentNullException>("observer", () => { receiver.ToObservable().Subscribe((IObserver<ShutdownSignal>)null!); });
        }

        [Fact]
        public async Task The_extension_for_any_async_stream_does_not_get_in_the_way()
        {
            using var test = new TestSignalHub();
            await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP);
            Assert.IsNotType<OfAnyStream<ShutdownSignal>>(receiver.ToObservable());
            _ = Assert.IsType<OfAnyStream<ShutdownSignal>>(((IAsyncEnumerable<ShutdownSignal>)receiver).ToObservable());
        }
    }
}

namespace SignalStreams.Tests.Reactive.LikeInteractiveExtensions
{
    /// <summary>Ix and System.Linq.Async have this method for every IAsyncEnumerable.</summary>
    internal static class AsyncEnumerableExtensions
    {
        public static IObservable<T> ToObservable<T>(this IAsyncEnumerable<T> source) => new OfAnyStream<T>();
    }

    internal sealed class OfAnyStream<T> : IObservable<T>
    {
        public IDisposable Subscribe(IObserver<T> observer) => Disposable.Empty;
    }
}
