// The source is chosen on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Who sent a signal, from what the kernel says of it: si_code, si_pid and si_uid of sigaction(2).</summary>
internal static class RelayOrigin
{
    public const int Queued = -1;
    private const int User = 0;
    private const int Timer = -2;
    private const int ThreadKill = -6;
    private const int Kernel = 0x80;

    public static SignalOrigin Of(in RelayRecord record) => record.Code switch
    {
        User or ThreadKill => Sent(in record, SignalOriginKind.Process),
        Queued => Sent(in record, SignalOriginKind.Queue) with { Value = (int)record.Value },
        Timer => new SignalOrigin { Kind = SignalOriginKind.Timer },
        Kernel => new SignalOrigin { Kind = OfKernel(record.Signal) },
        > 0 when record.ProcessId > 0 && record.Signal == ShutdownSignal.SIGCHLD.GetNumber() => new SignalOrigin { Kind = SignalOriginKind.Kernel, ProcessId = record.ProcessId, UserId = record.UserId },
        _ => default,
    };

    private static SignalOrigin Sent(in RelayRecord record, SignalOriginKind kind) => new()
    {
        Kind = record.ProcessId == Environment.ProcessId && kind == SignalOriginKind.Process ? SignalOriginKind.Self : kind,
        ProcessId = record.ProcessId,
        UserId = record.UserId,
        IsReal = true,
    };

    // What the kernel sends for a terminal: a typed Ctrl-C or Ctrl-\, the terminal's end, its new size; and alarm(2).
    private static SignalOriginKind OfKernel(int signal)
    {
        if (signal == ShutdownSignal.SIGALRM.GetNumber())
        {
            return SignalOriginKind.Timer;
        }

        return signal == ShutdownSignal.SIGINT.GetNumber() || signal == ShutdownSignal.SIGQUIT.GetNumber() || signal == ShutdownSignal.SIGHUP.GetNumber()
            || signal == ShutdownSignal.SIGWINCH.GetNumber() || signal == ShutdownSignal.SIGCONT.GetNumber()
            ? SignalOriginKind.Terminal : SignalOriginKind.Kernel;
    }
}
