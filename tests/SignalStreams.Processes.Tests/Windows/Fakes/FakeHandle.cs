namespace SignalStreams.Processes.Tests.Windows;

/// <summary>A handle of a <see cref="FakeProcess"/>.</summary>
internal sealed class FakeHandle : IWindowsProcess
{
    private bool _isDisposed;

    public FakeHandle(FakeProcess process)
    {
        Process = process;
        process.Handles++;
    }

    public FakeProcess Process { get; }

    public ProcessIdentity Identity => Process.Identity;

    public bool IsConsoleHost => Identity.Name == "conhost.exe";

    public bool HasExited => Process.ExitCode is not null;

    public int? ExitCode => Process.ExitCode;

    public Task Exited => Process.Exited.Task;

    public int Terminate(int exitCode)
    {
        if (Process.TerminateError == 0)
        {
            Process.End(exitCode);
        }

        return Process.TerminateError;
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Process.Handles--;
        }
    }
}
