namespace SignalStreams.Processes.Tests.Windows;

/// <summary>A job whose members a test chooses.</summary>
internal sealed class FakeJob : IWindowsJob
{
    public List<FakeProcess> Members { get; } = [];

    public TaskCompletionSource Empty { get; } = new();

    public bool IsDisposed { get; private set; }

    public Task Emptied => Empty.Task;

    public int ActiveProcesses => Members.Count(member => member.ExitCode is null);

    public IReadOnlyList<int> ProcessIds() => [.. Members.Where(member => member.ExitCode is null).Select(member => member.Identity.Id)];

    public bool Contains(IWindowsProcess process) => Members.Contains(((FakeHandle)process).Process);

    public int Terminate(int exitCode)
    {
        Members.ForEach(member => member.End(exitCode));
        return 0;
    }

    public void Dispose() => IsDisposed = true;
}
