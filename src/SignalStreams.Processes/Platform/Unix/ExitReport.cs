namespace SignalStreams;

/// <summary>What waitid(2) tells of the end of a child: si_pid, si_code and si_status.</summary>
/// <param name="ProcessId">Who has ended; 0 for nobody.</param>
/// <param name="Code">CLD_EXITED, CLD_KILLED or CLD_DUMPED.</param>
/// <param name="Status">The code that it ended with, or the number of the signal.</param>
internal readonly record struct ExitReport(int ProcessId, int Code, int Status)
{
    public ProcessExitStatus ExitStatus
    {
        get
        {
            const int Exited = 1;
            const int Dumped = 3;
            return Code == Exited ? ProcessExitStatus.FromCode(Status) : ProcessExitStatus.FromSignal((ShutdownSignal)Status, isCoreDumped: Code == Dumped);
        }
    }
}
