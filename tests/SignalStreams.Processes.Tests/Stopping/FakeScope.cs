namespace SignalStreams.Processes.Tests;

/// <summary>A scope whose members do what a test says.</summary>
internal sealed class FakeScope : IStopScope
{
    private readonly Lock _gate = new();
    private readonly List<ProcessIdentity> _members = [];
    private readonly List<(ProcessIdentity Process, ShutdownSignal Signal)> _sent = [];
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeScope(params int[] ids)
    {
        foreach (var id in ids)
        {
            Add(id);
        }

        if (ids.Length == 0)
        {
            _gone.SetResult();
        }
    }

    public string Description => "process 7 (fake)";

    public object Key { get; init; } = new();

    public Task Gone => _gone.Task;

    public bool CanGrow { get; init; } = true;

    public bool NeedsFreeze { get; init; }

    public ProcessExitStatus? ExitStatus { get; set; }

    public bool IsDisposed { get; private set; }

    /// <summary>What comes of a signal; by default it is sent and nothing happens, but for SIGKILL, which ends.</summary>
    public Func<ProcessIdentity, ShutdownSignal, SendOutcome>? OnSend { get; set; }

    /// <summary>Is called at the beginning of each look.</summary>
    public Action? OnLook { get; set; }

    /// <summary>Whom a sweep stops, and what it says.</summary>
    public Func<HashSet<ProcessIdentity>, bool>? OnSweep { get; set; }

    /// <summary>Who is stopped, which SIGSTOP and SIGCONT change.</summary>
    public HashSet<int> Stopped { get; } = [];

    public bool CanKillAll { get; init; }

    /// <summary>Whether all can be sent a signal at once.</summary>
    public bool CanSendAll { get; init; }

    /// <summary>What was sent to all at once.</summary>
    public List<ShutdownSignal> SentToAll { get; } = [];

    public int Kills { get; private set; }

    public int Looks { get; private set; }

    /// <summary>What was sent: "7 SIGTERM".</summary>
    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (_gate)
            {
                return [.. _sent.Select(entry => $"{entry.Process.Id} {entry.Signal.GetName()}")];
            }
        }
    }

    public static ProcessIdentity Identity(int id) => new() { Id = id, StartTime = id, Name = "fake" };

    public void Add(int id)
    {
        lock (_gate)
        {
            _members.Insert(0, Identity(id));
        }
    }

    public void End(int id)
    {
        lock (_gate)
        {
            _members.Remove(Identity(id));
            if (_members.Count == 0)
            {
                _gone.TrySetResult();
            }
        }
    }

    public IReadOnlyList<ProcessIdentity> Look()
    {
        OnLook?.Invoke();
        lock (_gate)
        {
            Looks++;
            return [.. _members];
        }
    }

    public SendResult Send(ProcessIdentity process, ShutdownSignal signal)
    {
        lock (_gate)
        {
            _sent.Add((process, signal));
        }

        var outcome = OnSend?.Invoke(process, signal) ?? SendOutcome.Sent;
        if (outcome == SendOutcome.Sent && signal == SIGSTOP)
        {
            Stopped.Add(process.Id);
        }
        else if (outcome == SendOutcome.Sent && signal == SIGCONT)
        {
            Stopped.Remove(process.Id);
        }
        else if (OnSend is null && signal == SIGKILL)
        {
            End(process.Id);
        }

        return outcome;
    }

    public bool IsStopped(ProcessIdentity process) => Stopped.Contains(process.Id);

    public bool Sweep(HashSet<ProcessIdentity> frozen) => OnSweep?.Invoke(frozen) ?? true;

    public bool TryKillAll()
    {
        if (!CanKillAll)
        {
            return false;
        }

        Kills++;
        foreach (var member in Look())
        {
            End(member.Id);
        }

        return true;
    }

    public IReadOnlyList<ProcessIdentity>? TrySendAll(ShutdownSignal signal)
    {
        if (!CanSendAll)
        {
            return null;
        }

        SentToAll.Add(signal);
        return Look();
    }

    public void Dispose() => IsDisposed = true;
}
