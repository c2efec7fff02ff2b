namespace SignalStreams.Tool;

/// <summary>Looks once whether a task is ready.</summary>
internal interface IReadinessChecks
{
    Task<bool> CanConnectAsync(string host, int port, CancellationToken cancellationToken);

    bool FileExists(string path);

    /// <summary>Whether a command, run as the task is, ends with code 0.</summary>
    Task<bool> SucceedsAsync(ReadyCondition.Command command, LaunchTask task, CancellationToken cancellationToken);
}
