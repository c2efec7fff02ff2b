namespace SignalStreams;

/// <summary>Tells when processes end: by their descriptors where there are some, and by looking every 20 ms where there are none.</summary>
/// <remarks>One thread for all, which comes with the first watch and goes a second after the last.</remarks>
internal sealed class ExitWatcher(IProcessTable table)
{
    private const int PollMilliseconds = 20;
    private const int LingerMilliseconds = 1000;
    private const int Batch = 128;
    private const long BellTag = 0;

    // From here on one pass over the table is cheaper than as many single looks.
    private const int ManyPolled = 64;

    private readonly object _gate = new();
    private readonly Dictionary<long, Watch> _watches = [];
    private long _lastTag = BellTag;
    private int _polled;
    private int _epoll = -1;
    private int _bell = -1;
    private bool _isRunning;

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

    /// <summary>Calls back once when the process has ended, on the watcher's thread: briefly, please, and without throwing.</summary>
    /// <param name="process">Who.</param>
    /// <param name="descriptor">Its descriptor, which stays open for as long as the watch; null to look from time to time.</param>
    /// <param name="ended">What is called.</param>
    /// <returns>Cancelling it ends the watch; a call that has begun goes on.</returns>
    public Watch Add(ProcessIdentity process, ProcessDescriptor? descriptor, Action ended)
    {
        lock (_gate)
        {
            EnsureRunning();
            var tag = ++_lastTag;
            var isAwaited = _epoll >= 0 && descriptor?.Use(number => UnixCalls.EpollAdd(_epoll, number, tag), false) == true;
            var watch = new Watch(this, tag, process, isAwaited ? descriptor : null, ended);
            _watches.Add(tag, watch);
            if (!isAwaited && _polled++ == 0)
            {
                Wake();
            }

            return watch;
        }
    }

    private void EnsureRunning()
    {
        if (_isRunning)
        {
            return;
        }

        if (OperatingSystem.IsLinux())
        {
            _epoll = UnixCalls.CreateEpoll();
            _bell = _epoll < 0 ? -1 : UnixCalls.CreateBell();
            if (_epoll >= 0 && (_bell < 0 || !UnixCalls.EpollAdd(_epoll, _bell, BellTag)))
            {
                // No descriptors to be had.
                CloseAll();
            }
        }

        _isRunning = true;
        DetachedThread.Start("exit watcher", Run);
    }

    private void Run()
    {
        Span<long> tags = stackalloc long[Batch];
        List<Watch> ended = [];
        var wasIdle = false;
        while (true)
        {
            int wait;
            int polled;
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

                polled = _polled;
                wait = isIdle ? LingerMilliseconds : polled > 0 ? PollMilliseconds : Timeout.Infinite;
                if (_epoll < 0)
                {
                    Monitor.Wait(_gate, wait);
                }
            }

            // Nobody but this thread closes it.
            var count = _epoll < 0 ? 0 : UnixCalls.EpollWait(_epoll, tags, wait);
            wasIdle = isIdle && count <= 0;
            Collect(tags[..int.Max(count, 0)], ended);
            if (polled > 0)
            {
                Poll(ended);
            }

            // Not under the lock: they look at the table, and add watches.
            foreach (var watch in ended)
            {
                watch.Ended();
            }

            ended.Clear();
        }
    }

    private void Collect(ReadOnlySpan<long> tags, List<Watch> ended)
    {
        lock (_gate)
        {
            foreach (var tag in tags)
            {
                if (tag == BellTag)
                {
                    UnixCalls.Silence(_bell);
                }
                else if (Take(tag) is { } watch)
                {
                    ended.Add(watch);
                }
            }
        }
    }

    private void Poll(List<Watch> ended)
    {
        Watch[] polled;
        lock (_gate)
        {
            polled = [.. _watches.Values.Where(watch => watch.Descriptor is null)];
        }

        var living = polled.Length < ManyPolled ? null : ReadLiving();
        foreach (var watch in polled)
        {
            var isGone = living is null ? ProcessDescriptor.Check(watch.Process, table) == ProcessLookup.Gone : !living.Contains(watch.Process);
            if (isGone)
            {
                lock (_gate)
                {
                    if (Take(watch.Tag) is not null)
                    {
                        ended.Add(watch);
                    }
                }
            }
        }
    }

    private HashSet<ProcessIdentity>? ReadLiving()
    {
        try
        {
            return [.. table.ReadAll().Where(process => !process.IsEnded).Select(process => process.Identity)];
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Under the lock.
    private Watch? Take(long tag)
    {
        if (!_watches.Remove(tag, out var watch))
        {
            return null;
        }

        if (watch.Descriptor is { } descriptor)
        {
            descriptor.Use(number => { UnixCalls.EpollRemove(_epoll, number); return true; }, false);
        }
        else
        {
            _polled--;
        }

        return watch;
    }

    private void Remove(long tag)
    {
        lock (_gate)
        {
            if (Take(tag) is not null && _watches.Count == 0)
            {
                Wake();
            }
        }
    }

    private void Wake()
    {
        if (_bell >= 0)
        {
            UnixCalls.Ring(_bell);
        }
        else
        {
            Monitor.PulseAll(_gate);
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

    /// <summary>One process that is watched.</summary>
    internal sealed class Watch(ExitWatcher watcher, long tag, ProcessIdentity process, ProcessDescriptor? descriptor, Action ended)
    {
        public long Tag => tag;

        public ProcessIdentity Process => process;

        public ProcessDescriptor? Descriptor => descriptor;

        public void Ended() => ended();

        public void Cancel() => watcher.Remove(tag);
    }
}
