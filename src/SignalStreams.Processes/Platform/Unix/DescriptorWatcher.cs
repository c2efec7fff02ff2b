namespace SignalStreams;

/// <summary>Tells when descriptors can be read: one thread for all of them, which sleeps in epoll_wait(2).</summary>
/// <remarks>Not the thread pool: how a child ended is to be known in a starved one too. The thread comes with the first watch, and goes a second after the
/// last.</remarks>
internal sealed class DescriptorWatcher
{
    private const int LingerMilliseconds = 1000;
    private const int Batch = 128;
    private const long BellTag = 0;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (int Descriptor, IWatchedDescriptor Watched)> _watches = [];
    private long _lastTag = BellTag;
    private int _epoll = -1;
    private int _bell = -1;
    private bool _isRunning;

    /// <summary>The one of this process.</summary>
    public static DescriptorWatcher Current { get; } = new();

    /// <summary>Whether the thread lives.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _isRunning;
            }
        }
    }

    /// <summary>How many are watched now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _watches.Count;
            }
        }
    }

    /// <summary>Begins to watch.</summary>
    /// <param name="descriptor">Stays open until the watch has been ended.</param>
    /// <param name="watched">Is called on the watcher's thread.</param>
    /// <returns>What <see cref="End"/> takes; 0 where the system has no descriptor or no memory to watch by.</returns>
    public long TryBegin(int descriptor, IWatchedDescriptor watched)
    {
        lock (_gate)
        {
            if (!TryRun())
            {
                return 0;
            }

            var tag = ++_lastTag;
            if (!UnixCalls.EpollAdd(_epoll, descriptor, tag))
            {
                return 0;
            }

            // The thread cannot look it up before the lock is free.
            _watches.Add(tag, (descriptor, watched));
            return tag;
        }
    }

    /// <summary>Ends a watch, before its descriptor is closed. A call that has begun goes on.</summary>
    public void End(long tag)
    {
        lock (_gate)
        {
            if (_watches.Remove(tag, out var watch))
            {
                UnixCalls.EpollRemove(_epoll, watch.Descriptor);
                if (_watches.Count == 0)
                {
                    UnixCalls.Ring(_bell);
                }
            }
        }
    }

    // Under the lock.
    private bool TryRun()
    {
        if (_isRunning)
        {
            return true;
        }

        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        _epoll = UnixCalls.CreateEpoll();
        _bell = _epoll < 0 ? -1 : UnixCalls.CreateBell();
        if (_bell < 0 || !UnixCalls.EpollAdd(_epoll, _bell, BellTag))
        {
            // None to be had now; whoever comes next tries again.
            CloseAll();
            return false;
        }

        DetachedThread.Start("descriptors", Run);
        _isRunning = true;
        return true;
    }

    private void Run()
    {
        Span<long> tags = stackalloc long[Batch];
        var wasIdle = false;
        while (true)
        {
            bool isIdle;
            lock (_gate)
            {
                isIdle = _watches.Count == 0;
                if (isIdle && wasIdle)
                {
                    CloseAll();
                    _isRunning = false;
                    return;
                }
            }

            // Nobody but this thread closes it.
            var count = UnixCalls.EpollWait(_epoll, tags, isIdle ? LingerMilliseconds : Timeout.Infinite);
            wasIdle = isIdle && count <= 0;
            foreach (var tag in tags[..int.Max(count, 0)])
            {
                if (tag == BellTag)
                {
                    UnixCalls.Silence(_bell);
                }
                else
                {
                    Tell(tag);
                }
            }
        }
    }

    private void Tell(long tag)
    {
        (int Descriptor, IWatchedDescriptor Watched) watch;
        lock (_gate)
        {
            if (!_watches.TryGetValue(tag, out watch))
            {
                return;
            }
        }

        if (!watch.Watched.OnReadable())
        {
            End(tag);
        }
    }

    private void CloseAll()
    {
        if (_bell >= 0)
        {
            UnixCalls.CloseDescriptor(_bell);
        }

        if (_epoll >= 0)
        {
            UnixCalls.CloseDescriptor(_epoll);
        }

        _bell = _epoll = -1;
    }
}
