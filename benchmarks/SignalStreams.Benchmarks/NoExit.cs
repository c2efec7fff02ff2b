using System.Diagnostics.CodeAnalysis;

namespace SignalStreams.Benchmarks;

/// <summary>A process that does not end: a benchmark measures many ends.</summary>
internal sealed class NoExit : IProcessExit
{
    public event Action? Exiting
    {
        add { }
        remove { }
    }

    public event Func<Exception, bool>? Crashing
    {
        add { }
        remove { }
    }

    public int ExitCode { get; set; }

    public bool IsZeroChosen => false;

    public void EndNow(EndStatus status, bool isOverdue = false)
    {
    }

    [DoesNotReturn]
    public void Exit(ShutdownSignal signal) => throw new InvalidOperationException("A benchmark does not end by a signal.");

    public void EndInOrder()
    {
    }

    public void Prepare()
    {
    }

    public void WaitForAbort()
    {
    }

    public void Arrange(EndStatus status) => ExitCode = status.Code;

    public int ExitWhenMainReturns(EndStatus status) => status.Code;
}
