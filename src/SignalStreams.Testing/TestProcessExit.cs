using System.Diagnostics.CodeAnalysis;

namespace SignalStreams.Testing;

/// <summary>Records how the process would have ended.</summary>
internal sealed class TestProcessExit : IProcessExit
{
    private TestProcessEnd? _ended;

    public event Action? Changed;

    public TestProcessEnd? Ended => Volatile.Read(ref _ended);

    public void EndNow(ShutdownSignal signal) => Record(signal, TestProcessEndCause.TooManyAttempts);

    [DoesNotReturn]
    public void Exit(ShutdownSignal signal) => throw new ProcessEndedException(Record(signal, TestProcessEndCause.ExitBySignal));

    public int ExitWhenMainReturns(ShutdownSignal signal) => Record(signal, TestProcessEndCause.Run).ExitCode;

    public void NobodyListened(ShutdownSignal signal) => Record(signal, TestProcessEndCause.NobodyListened);

    private TestProcessEnd Record(ShutdownSignal signal, TestProcessEndCause cause)
    {
        var end = new TestProcessEnd(signal, signal.GetExitCode(), cause);
        Interlocked.CompareExchange(ref _ended, end, null);
        Changed?.Invoke();
        return end;
    }
}
