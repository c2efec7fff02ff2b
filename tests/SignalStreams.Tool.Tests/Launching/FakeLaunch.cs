using System.Collections.Concurrent;

namespace SignalStreams.Tool.Tests;

/// <summary>A launch of fake processes on a manual clock, and all that it has told.</summary>
internal sealed class FakeLaunch : IProcessStarter, IReadinessChecks, ILaunchObserver
{
    private readonly ConcurrentDictionary<string, FakeProcess> _processes = new();

    public FakeLaunch(params LaunchTask[] tasks)
    {
        Runner = new LaunchRunner(new LaunchFile("launch.yaml", "test", tasks, null), this, this, this, Time);
    }

    public ManualTime Time { get; } = new();

    public LaunchRunner Runner { get; }

    public ConcurrentQueue<string> Started { get; } = new();

    public ConcurrentQueue<string> Messages { get; } = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>What a look at the real world answers.</summary>
    public volatile bool IsThere;

    /// <summary>What happens before a line is taken.</summary>
    public Action? Taking { get; set; }

    /// <summary>Tasks that cannot be started.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>Tasks that SIGKILL alone ends.</summary>
    public HashSet<string> Deaf { get; } = [];

    public FakeProcess this[string name] => _processes[name];

    public static LaunchTask Task(string name, params string[] needs) => new()
    {
        Name = name,
        FileName = $"/bin/{name}",
        WorkingDirectory = "/",
        DependsOn = [.. needs.Select(needed => new TaskDependency(needed, DependencyCondition.Ready))],
    };

    /// <summary>Waits, on the real clock, until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(limit) < TimeSpan.FromSeconds(20), what);
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromMilliseconds(2), TestContext.Current.CancellationToken);
        }
    }

    public Task IsStartedAsync(params string[] names) => UntilAsync(() => names.All(Started.Contains), $"{string.Join(", ", names)} started; is: {string.Join(", ", Started)}");

    public LaunchState State(string name) => Runner.Views().Single(view => view.Name == name).State;

    public ILaunchedProcess Start(LaunchTask task)
    {
        if (Broken.Contains(task.Name))
        {
            throw new ProcessStartException("it is broken");
        }

        var process = _processes[task.Name] = new FakeProcess { IsDeaf = Deaf.Contains(task.Name) };
        Started.Enqueue(task.Name);
        return process;
    }

    public Task<bool> CanConnectAsync(string host, int port, CancellationToken cancellationToken) => System.Threading.Tasks.Task.FromResult(IsThere);

    public bool FileExists(string path) => IsThere;

    public Task<bool> SucceedsAsync(ReadyCondition.Command command, LaunchTask task, CancellationToken cancellationToken) => System.Threading.Tasks.Task.FromResult(IsThere);

    public ValueTask LineAsync(LaunchTask task, OutputLine line, bool isMoreComing, CancellationToken cancellationToken)
    {
        Taking?.Invoke();
        Lines.Enqueue($"{task.Name}: {line.Text}");
        return ValueTask.CompletedTask;
    }

    public void Message(string text, bool isProblem = false) => Messages.Enqueue(text);

    public void Changed()
    {
    }
}
