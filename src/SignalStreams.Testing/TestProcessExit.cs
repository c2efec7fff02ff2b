using System.Diagnostics.CodeAnalysis;

namespace SignalStreams.Testing;

/// <summary>Records how the process would have ended.</summary>
internal sealed class TestProcessExit : IProcessExit
{
    private TestProcessEnd? _ended;
    private EndStatus _arranged;

    public event Action? Changed;

    public event Action? Exiting;

    public event Func<Exception, bool>? Crashing;

    public TestProcessEnd? Ended => Volatile.Read(ref _ended);

    public int ExitCode { get; set; }

    public bool IsZeroChosen { get; private set; }

    public void EndNow(EndStatus status, bool isOverdue = false) => Record(status, isOverdue ? TestProcessEndCause.LimitPassed : TestProcessEndCause.TooManyAttempts);

    [DoesNotReturn]
    public void Exit(ShutdownSignal signal) => throw new ProcessEndedException(Record(EndStatus.By(signal), TestProcessEndCause.ExitBySignal));

    public void EndInOrder() => Record(Status(), TestProcessEndCause.Shutdown);

    public void Prepare()
    {
    }

    public void WaitForAbort()
    {
    }

    public void Arrange(EndStatus status)
    {
        _arranged = status;
        ExitCode = status.Code;
    }

    public int ExitWhenMainReturns(EndStatus status) => Record(status, TestProcessEndCause.Run).ExitCode;

    public TestProcessEnd ReturnFromMain(int? exitCode)
    {
        IsZeroChosen = exitCode == 0;
        ExitCode = exitCode ?? ExitCode;
        Exiting?.Invoke();
        return Record(Status(), TestProcessEndCause.MainReturned);
    }

    public TestProcessEnd ThrowUnhandled(Exception exception)
    {
        if (Crashing?.Invoke(exception) == true)
        {
            // Another thread is about to end the process.
            SpinWait.SpinUntil(() => Ended is not null, Patience);
            return Ended!;
        }

        return Record(EndStatus.With(AbortedCode), TestProcessEndCause.UnhandledException);
    }

    public void NobodyListened(ShutdownSignal signal) => Record(EndStatus.By(signal), TestProcessEndCause.NobodyListened);

    // How a shell reports the SIGABRT that the runtime raises; on Windows it is the code 0xE0434352, which nobody tests for.
    private const int AbortedCode = 134;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private EndStatus Status() => ExitCode == _arranged.Code ? _arranged : EndStatus.With(ExitCode);

    private TestProcessEnd Record(EndStatus status, TestProcessEndCause cause)
    {
        var end = new TestProcessEnd(status.Signal, status.Code, cause);
        Interlocked.CompareExchange(ref _ended, end, null);
        Changed?.Invoke();
        return end;
    }
}
