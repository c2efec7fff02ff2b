namespace SignalStreams;

/// <summary>Tells when processes end: by their descriptors where there are some, and by looking every 20 ms where there are none.</summary>
/// <remarks>The thread that looks comes with the first that has to be looked at, and goes a second after the last.</remarks>
internal sealed class ExitWatcher(IProcessTable table)
{
    private const int PollMilliseconds = 20;
    private const int LingerMilliseconds = 1000;

    // From here on one pass over the table is cheaper than as many single looks.
    private const int ManyPolled = 64;

    private readonly object _gate = new();
    private readonly HashSet<Watch> _polled = [];
    private bool _isPolling;

    /// <summary>Whether the thread that looks lives.</summary>
    public bool IsPolling
    {
        get
        {
            lock (_gate)
            {
                return _isPolling;
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
        var watch = new Watch(this, process, ended);
        if (descriptor?.Use(watch.TryAwait, false) != true)
        {
            Poll(watch);
        }

        return watch;
    }

    private void Poll(Watch watch)
    {
        lock (_gate)
        {
            _polled.Add(watch);
            if (_isPolling)
            {
                Monitor.Pulse(_gate);
                return;
            }

            DetachedThread.Start("exit watcher", Run);
            _isPolling = true;
        }
    }

    private void Remove(Watch watch)
    {
        lock (_gate)
        {
            _polled.Remove(watch);
        }
    }

    private void Run()
    {
        while (true)
        {
            Watch[] polled;
            lock (_gate)
            {
                if (!Monitor.Wait(_gate, _polled.Count == 0 ? LingerMilliseconds : PollMilliseconds) && _polled.Count == 0)
                {
                    _isPolling = false;
                    return;
                }

                polled = [.. _polled];
            }

            var living = polled.Length < ManyPolled ? null : ReadLiving();
            foreach (var watch in polled)
            {
                // Not under the lock: they look at the table, and add watches.
                if (living is null ? ProcessDescriptor.Check(watch.Process, table) == ProcessLookup.Gone : !living.Contains(watch.Process))
                {
                    Remove(watch);
                    watch.OnReadable();
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

    /// <summary>One process that is watched.</summary>
    internal sealed class Watch(ExitWatcher watcher, ProcessIdentity process, Action ended) : IWatchedDescriptor
    {
        private long _tag;
        private int _isOver;

        public ProcessIdentity Process => process;

        /// <returns>False where it cannot be awaited by its descriptor, and has to be looked at.</returns>
        public bool TryAwait(int descriptor)
        {
            var tag = DescriptorWatcher.Current.TryBegin(descriptor, this);
            Volatile.Write(ref _tag, tag);
            return tag != 0;
        }

        public bool OnReadable()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                ended();
            }

            return false;
        }

        public void Cancel()
        {
            Volatile.Write(ref _isOver, 1);
            if (Volatile.Read(ref _tag) is not 0 and var tag)
            {
                DescriptorWatcher.Current.End(tag);
            }
            else
            {
                watcher.Remove(this);
            }
        }
    }
}
