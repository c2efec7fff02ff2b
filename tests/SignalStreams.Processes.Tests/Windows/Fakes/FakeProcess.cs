namespace SignalStreams.Processes.Tests.Windows;

/// <summary>A process of a <see cref="FakeWindows"/>, which all handles to it share.</summary>
internal sealed class FakeProcess(int id, int parentId, long startTime, string name)
{
    public ProcessIdentity Identity { get; } = new() { Id = id, StartTime = startTime, Name = name };

    public int ParentId => parentId;

    public TaskCompletionSource Exited { get; } = new();

    public int? ExitCode { get; private set; }

    /// <summary>What TerminateProcess gives.</summary>
    public int TerminateError { get; set; }

    /// <summary>How many handles are open.</summary>
    public int Handles { get; set; }

    public void End(int code)
    {
        ExitCode ??= code;
        Exited.TrySetResult();
    }
}
