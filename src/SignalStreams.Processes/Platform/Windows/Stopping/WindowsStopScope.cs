namespace SignalStreams;

/// <summary>What a stop works on: one process, or those that are found from it on.</summary>
internal abstract class WindowsStopScope : IStopScope
{
    private readonly WindowsSender _sender;
    private readonly IWindowsProcess? _root;
    private readonly Lock _gate = new();
    private bool _isDisposed;

    /// <param name="api">The calls of Windows.</param>
    /// <param name="sender">What sends.</param>
    /// <param name="root">The process itself, which the scope disposes; null when it has ended.</param>
    /// <param name="description">For messages.</param>
    /// <param name="key">What makes two stops the same.</param>
    protected WindowsStopScope(IWindowsProcessApi api, WindowsSender sender, IWindowsProcess? root, string description, object key)
    {
        _sender = sender;
        _root = root;
        Members = new(api);
        Description = description;
        Key = key;
        if (root is not null)
        {
            Members.Add(root, parentId: 0);
        }
    }

    public string Description { get; }

    public object Key { get; }

    // Nobody can be frozen here; what grows is killed until a look finds nobody new.
    public bool CanGrow => false;

    public Task Gone => field ??= WatchAsync();

    public ProcessExitStatus? ExitStatus => _root?.ExitCode is { } code ? ProcessExitStatus.FromWindowsCode(code) : null;

    protected WindowsTree Members { get; }

    public IReadOnlyList<ProcessIdentity> Look()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return [];
            }

            Grow();
            return Members.Alive();
        }
    }

    public SendResult Send(ProcessIdentity process, ShutdownSignal signal)
    {
        IWindowsProcess? member;
        lock (_gate)
        {
            member = Members.Find(process);
        }

        return member is null ? SendOutcome.Gone : Send(_sender, member, signal);
    }

    // There is no one call for all.
    public virtual IReadOnlyList<ProcessIdentity>? TrySendAll(ShutdownSignal signal) => null;

    /// <summary>The members that are alive, descendants first.</summary>
    protected IReadOnlyList<IWindowsProcess> Living()
    {
        lock (_gate)
        {
            return [.. Members.Alive().Select(Members.Find).OfType<IWindowsProcess>()];
        }
    }

    /// <summary>Sends to a member.</summary>
    protected virtual SendResult Send(WindowsSender sender, IWindowsProcess member, ShutdownSignal signal) => sender.Send(member, signal, value: null);

    public abstract bool TryKillAll();

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Members.Dispose();
        }
    }

    /// <summary>Looks for those who belong to it and are not members yet.</summary>
    protected virtual void Grow()
    {
    }

    // Ended by the end of the last one, and not by a look each so often.
    private async Task WatchAsync()
    {
        while (Look().Count > 0)
        {
            Task exited;
            lock (_gate)
            {
                exited = Members.AllExited();
            }

            await exited.ConfigureAwait(false);
        }
    }
}
