using System.ComponentModel;
using System.Runtime.InteropServices;

// The source is chosen on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Signals through <see cref="PosixSignalRegistration"/>: works wherever the runtime does.</summary>
/// <remarks>
/// What it cannot do, since the runtime does not: tell who sent a signal; keep the order of signals that come within a
/// millisecond; deliver signals other than SIGINT, SIGQUIT and SIGTERM while the thread pool is starved. (The runtime starts
/// a thread for each of those three and sends the others through the pool: System.Private.CoreLib, PosixSignalRegistration.Unix.cs.)
/// </remarks>
internal sealed class PortableUnixSource(TimeProvider time, string whyNotNative) : ISignalSource
{
    private readonly PoolTurn _poolTurn = new();

    public SignalBackend Backend { get; } = new(SignalBackendKind.Portable,
        $"PosixSignalRegistration serves, since {whyNotNative}. Senders are unknown.");

    public ShutdownSignal[] EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink)
    {
        var number = @event.GetNumber();

        // Asked first: the registration itself can change the answer.
        var ignored = Dispositions.IsIgnored(number);
        Terminal.Remember();
#pragma warning disable CA2000 // The claim disposes it.
        var registration = PosixSignalRegistration.Create(@event.ToPosixSignal(), context => Arrived(context, @event, sink));
#pragma warning restore CA2000
        Dispositions.NoteTheRuntimes();
        return new RegistrationClaim(number, ignored, registration);
    }

    public void Raise(ShutdownSignal signal)
    {
        if (LibC.Kill(Environment.ProcessId, signal.GetNumber()) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{signal.GetName()} could not be raised in this process: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    public void Raise(ShutdownSignal signal, int value)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Signals with a value are those of Linux: sigqueue(3).");
        }

        if (LibC.SigQueue(Environment.ProcessId, signal.GetNumber(), value) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(),
                $"{signal.GetName()} could not be raised in this process with the value {value}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    private void Arrived(PosixSignalContext context, ShutdownSignal @event, ISignalSink sink)
    {
        var arrival = new SignalArrival(@event, time.GetTimestamp(), default, SignalTable.Current.IsRealTime(@event));

        // Another owner may have set Cancel before us: it is only ever set here, never cleared.
        // For a signal that does no harm by default the runtime keeps its own work (SIGCONT: setting up the terminal anew).
        if (sink.Record(arrival, out var wake) && !IsHarmless(@event))
        {
            context.Cancel = true;
        }

        // Not here and now: the handlers of other owners wait for it. But where the runtime delivers through the pool, this very thread
        // is free in a moment, sooner than another one wakes.
        if (wake is not null && !(Thread.CurrentThread.IsThreadPoolThread && _poolTurn.TryWake(wake)))
        {
            sink.WakeLater(wake);
        }
    }

    private static bool IsHarmless(ShutdownSignal signal) => signal is ShutdownSignal.SIGCHLD or ShutdownSignal.SIGCONT or ShutdownSignal.SIGWINCH;

    private sealed class RegistrationClaim(int number, bool ignored, PosixSignalRegistration registration) : ISignalClaim
    {
        private bool _overridden;

        public bool IsIgnored => ignored;

        public void OverrideIgnored(bool isOverridden)
        {
            if (!ignored || isOverridden == _overridden)
            {
                return;
            }

            if (isOverridden)
            {
                _overridden = Dispositions.OverrideIgnore(number);
            }
            else
            {
                Dispositions.Ignore(number);
                _overridden = false;
            }
        }

        public void Dispose()
        {
            registration.Dispose();
            OverrideIgnored(false);
        }
    }
}
