namespace SignalStreams.Tool;

/// <summary>Keeps what the tasks write in files, and passes everything on.</summary>
/// <remarks>A disk that is full takes nothing away from the tasks: they go on, and so does what is shown of them.</remarks>
internal sealed class LaunchLogs : ILaunchObserver, IDisposable
{
    private readonly ILaunchObserver _next;
    private readonly Dictionary<string, TaskLog> _logs = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private bool _hasWarned;

    public LaunchLogs(IEnumerable<LaunchTask> tasks, Func<LaunchTask, string, TaskLog> open, ILaunchObserver next)
    {
        _next = next;
        LaunchTask[] all = [.. tasks];
        var names = LogNames.OfAll(all.Select(task => task.Name));
        foreach (var task in all.Where(task => task.Log))
        {
            try
            {
                _logs[task.Name] = open(task, names[task.Name]);
            }
            catch (Exception bad) when (TaskLog.IsRefused(bad))
            {
                Warn(task, bad);
            }
        }
    }

    public ValueTask LineAsync(LaunchTask task, OutputLine line, bool isMoreComing, CancellationToken cancellationToken)
    {
        TaskLog? log;
        lock (_gate)
        {
            _logs.TryGetValue(task.Name, out log);
        }

        try
        {
            // Lines of one task come one after the other.
            log?.Write(line, isMoreComing);
        }
        catch (Exception bad) when (TaskLog.IsRefused(bad))
        {
            lock (_gate)
            {
                _logs.Remove(task.Name);
            }

            log!.Dispose();
            Warn(task, bad);
        }

        return _next.LineAsync(task, line, isMoreComing, cancellationToken);
    }

    public void Message(string text, bool isProblem = false) => _next.Message(text, isProblem);

    public void Changed() => _next.Changed();

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Dispose();
        }
    }

    // Once: a full disk is full for all of them.
    private void Warn(LaunchTask task, Exception bad)
    {
        lock (_gate)
        {
            if (_hasWarned)
            {
                return;
            }

            _hasWarned = true;
        }

        _next.Message($"the log of task '{task.Name}' cannot be written ({bad.Message.TrimEnd('.')}); the tasks go on, and what cannot be written is lost", isProblem: true);
    }
}
