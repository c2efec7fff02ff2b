using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>A descriptor that means one process and never a later one of the same id (pidfd_open(2), Linux 5.3).</summary>
internal static class ChildDescriptor
{
    // The same on every architecture.
    private const int SendSignal = 424;
    private const int OpenProcess = 434;

    private static readonly bool IsKnown = OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Opens one, closed at exec.</summary>
    /// <returns>The descriptor; -1 where there is no such process, or the system cannot.</returns>
    public static int Open(int pid) => IsKnown ? (int)ChildCalls.SystemCall(OpenProcess, pid, 0, 0, 0) : -1;

    /// <summary>Sends a signal to this process, and to no later one of its id.</summary>
    public static SendOutcome Send(ProcessIdentity process, int signal)
    {
        var descriptor = Open(process.Id);
        var error = descriptor >= 0 ? 0 : Marshal.GetLastPInvokeError();
        if (IsKnown && error == ChildCalls.NoSuchProcess)
        {
            return SendOutcome.Gone;
        }

        try
        {
            // What was opened is looked at after that: then it is the one that is meant, or it is not.
            if (process.StartTime != 0 && ProcessTable.Read(process.Id) is var entry && (entry is null || entry.Value.StartTime != process.StartTime || entry.Value.IsDead))
            {
                return SendOutcome.Gone;
            }

            var result = descriptor >= 0 ? (int)ChildCalls.SystemCall(SendSignal, descriptor, signal, 0, 0) : ChildCalls.Kill(process.Id, signal);
            return OutcomeOf(result);
        }
        finally
        {
            if (descriptor >= 0)
            {
                _ = ChildCalls.Close(descriptor);
            }
        }
    }

    /// <summary>What became of a call that has set errno where its result is not 0.</summary>
    public static SendOutcome OutcomeOf(int result) => result == 0
        ? SendOutcome.Sent
        : Marshal.GetLastPInvokeError() switch
        {
            ChildCalls.NoSuchProcess => SendOutcome.Gone,
            ChildCalls.NotPermitted => SendOutcome.NotPermitted,
            _ => SendOutcome.NotDeliverable,
        };
}
