using System.Runtime.InteropServices;

// The foreground is given on Unix only.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Stops this process when its child in the foreground has been stopped from the terminal (Ctrl-Z), so that the shell has its job stopped, and
/// lets the child go on when the shell continues the job (fg, bg).</summary>
/// <remarks>As sudo does it. The terminal's own signal reached the child's group alone.</remarks>
internal sealed class ForegroundStop : IDisposable
{
    private readonly Action _continue;
    private readonly PosixSignalRegistration _registration;

    /// <param name="continueChild">Gives the terminal to the child if this process's group has it, and continues the child.</param>
    public ForegroundStop(Action continueChild)
    {
        _continue = continueChild;
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => continueChild());
    }

    /// <summary>The child has been stopped, and the terminal is this process's group's again.</summary>
    public void Stop()
    {
        // Where nobody could continue it, the terminal's stops do not count (setpgid(2), "orphaned process group"); nor does SIGSTOP for process 1.
        if (Environment.ProcessId == 1 || UnixCalls.SessionOf(ChildCalls.ParentId()) != UnixCalls.SessionOf(0))
        {
            _continue();
            return;
        }

        _ = LibC.Kill(0, ShutdownSignal.SIGSTOP.GetNumber());
    }

    public void Dispose() => _registration.Dispose();
}
