using System.Diagnostics.CodeAnalysis;

namespace SignalStreams;

/// <summary>Ends the real process.</summary>
/// <remarks>
/// A parent tells an end by a signal from an exit code (wait(2), WIFSIGNALED), and acts on it: a bash loop stops at Ctrl-C only
/// when the program that it runs died of SIGINT. As process 1 of a pid namespace the kernel drops the signal; then the exit
/// code 128+n, which is what a shell reports for both, says the same.
/// </remarks>
internal sealed class ProcessExit : IProcessExit
{
    public void EndNow(ShutdownSignal signal)
    {
        Terminal.Restore();
        if (OperatingSystem.IsWindows())
        {
            WindowsNative.EndProcess(signal.GetExitCode());
            return;
        }

        DieBySignal(signal);
        LibC.ExitNow(signal.GetExitCode());
    }

    [DoesNotReturn]
#pragma warning disable RS0030 // Banned everywhere but here.
    public void Exit(ShutdownSignal signal) => Environment.Exit(ExitWhenMainReturns(signal));
#pragma warning restore RS0030

    public int ExitWhenMainReturns(ShutdownSignal signal)
    {
        var code = signal.GetExitCode();
        Environment.ExitCode = code;

        // Registered now, so that it runs after those who registered before.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            // Another code by now is one that the program chose for itself.
            if (Environment.ExitCode == code && !OperatingSystem.IsWindows())
            {
                Terminal.Restore();
                DieBySignal(signal);
            }
        };
        return code;
    }

    // raise(3) and not kill(2): a signal to the own thread has been acted on before the call returns, and returning from it
    // is the proof that the kernel dropped it.
    private static void DieBySignal(ShutdownSignal signal)
    {
        var number = signal.GetNumber();
        _ = LibC.Signal(number, LibC.DefaultHandler);
        _ = LibC.Raise(number);
    }
}
