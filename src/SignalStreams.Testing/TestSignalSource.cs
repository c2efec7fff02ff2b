using System.Collections.Concurrent;

namespace SignalStreams.Testing;

/// <summary>The manual source: a test in the place of the operating system.</summary>
internal sealed class TestSignalSource(TimeProvider time, TestProcessExit exit) : ISignalSource
{
    // Delivery takes microseconds; this is for a machine that has much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ManagerPatience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<ShutdownSignal> _unheard = new();

    public SignalBackend Backend { get; } = new(SignalBackendKind.Test, "A test raises signals by hand.");

    public SignalRouter? Router { get; set; }

    public IReadOnlyList<ShutdownSignal> Unheard => [.. _unheard];

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink) => new TestClaim();

    public void Raise(ShutdownSignal signal) => Raise(signal, new SignalOrigin { Kind = SignalOriginKind.Self });

    public void Raise(ShutdownSignal signal, int value) =>
        Raise(signal, new SignalOrigin { Kind = SignalOriginKind.Queue, ProcessId = Environment.ProcessId, Value = value });

    public bool Raise(ShutdownSignal signal, SignalOrigin origin)
    {
        var isQueued = origin.Kind == SignalOriginKind.Queue || SignalTable.Current.IsRealTime(signal);
        var arrival = new SignalArrival(signal, time.GetTimestamp(), origin, isQueued);
        SignalListener[] listeners = [.. Router!.Snapshot().Where(s => s.Event == signal).Select(s => s.Listener)];
        var tokens = listeners.OfType<CancelListener>().ToArray();
        var managers = listeners.OfType<ManagerListener>().ToArray();
        if (!Router.Record(in arrival, out var wake))
        {
            _unheard.Enqueue(signal);
            if (SignalTable.Current.EndsByDefault(signal))
            {
                exit.NobodyListened(signal);
            }

            return false;
        }

        if (wake is not null)
        {
            Router.WakeLater(wake);
        }

        // A test asks its token in the next line. It is cancelled before its callbacks run, and they run where they do in
        // production: one that throws, blocks or waits for the test must not do so on the test's own thread.
        SpinWait.SpinUntil(() => Array.TrueForAll(tokens, token => token.IsDone || token.IsCancelled), Patience);

        // But for a BeforeHangup that waits for the test.
        SpinWait.SpinUntil(() => Array.TrueForAll(managers, manager => manager.IsSettled), ManagerPatience);
        return true;
    }

    private sealed class TestClaim : ISignalClaim
    {
        public bool IsIgnored => false;

        public void OverrideIgnored(bool isOverridden)
        {
        }

        public void Dispose()
        {
        }
    }
}
