namespace SignalStreams;

/// <summary>The threads that take what the handler recorded, as leader and followers: one takes a signal and runs what waits for it, the next sleeps until the next signal.</summary>
/// <remarks>
/// User code may keep a thread for as long as it likes: while anybody listens, one is there that is not in user code. So there are at most as many
/// threads as there are listeners that block, and two. They leave a second after the last signal was given back, so that a collectible
/// <see cref="System.Runtime.Loader.AssemblyLoadContext"/> with the library in it can be unloaded.
/// </remarks>
internal sealed class RelayReaders(Relay relay, RelayForwarding forwarding, Func<RelayRecord, RelayTaken> record)
{
    // One that serves, and one that takes its place when it goes into user code.
    private const int Ready = 2;
    private const long LingerNanoseconds = 1_000_000_000;

    private readonly Lock _gate = new();
    private readonly Lock _takeGate = new();
    private int _signals;
    private int _threads;
    private int _busy;

    public void Retain()
    {
        lock (_gate)
        {
            _signals++;
            KeepOneReady();
        }
    }

    public void Release()
    {
        bool isLast;
        lock (_gate)
        {
            isLast = --_signals == 0;
        }

        if (isLast)
        {
            // From now on they sleep with a limit.
            relay.WakeAll();
        }
    }

    /// <summary>Takes what was there when it was called, and leaves it to others to run what waits.</summary>
    public void Drain(ISignalSink sink)
    {
        // Not for as long as a storm of other signals lasts.
        for (var left = Relay.Capacity; left > 0 && TryTake(out var taken); left--)
        {
            if (taken.Wake is { } listener)
            {
                sink.WakeLater(listener);
            }

            if (taken.IsForwarded)
            {
                forwarding.Announce();
            }
        }
    }

    /// <summary>Makes the calling thread, which is the main one, one of the readers until a task has ended.</summary>
    public void ServeUntil(Task end, ISignalSink sink)
    {
        lock (_gate)
        {
            _threads++;
        }

        // Right where it ends, and not on a pool that may be starved.
        end.ContinueWith(_ => relay.WakeAll(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (!end.IsCompleted)
            {
                // Read first: what comes after any of the looks below has rung it, and is slept for by nobody.
                var bell = relay.Bell;
                if (TryTake(out var taken))
                {
                    Run(in taken, sink);
                }
                else if (!end.IsCompleted)
                {
                    relay.Park(bell, forwarding.Forward());
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _threads--;
                if (_signals > 0)
                {
                    KeepOneReady();
                }
            }

            // A handler that ran on this thread may have relied on it to take what it recorded.
            relay.WakeAll();
        }
    }

    private bool TryTake(out RelayTaken taken)
    {
        // Taken and recorded in one: the order of the ring is that of the sequence numbers.
        lock (_takeGate)
        {
            if (relay.TryTake(out var next))
            {
                taken = record(next);
                return true;
            }
        }

        taken = default;
        return false;
    }

    private void KeepOneReady()
    {
        if (_threads <= _busy)
        {
            StartThread();
        }
    }

    private void StartThread()
    {
        _threads++;
        try
        {
            new Thread(Serve) { IsBackground = true, Name = "SignalStreams reader" }.UnsafeStart();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // Whoever is in user code takes over when it comes back.
            _threads--;
            ThreadPool.UnsafeQueueUserWorkItem(static message => SignalStreamsEventSource.Log.NoThread(message), e.Message, preferLocal: false);
        }
    }

    private void Serve()
    {
        // The second one, here and not when it is needed: whoever opens a receiver is not to wait for it, nor is the first signal.
        lock (_gate)
        {
            if (_threads < Ready)
            {
                StartThread();
            }
        }

        var lingered = false;
        while (true)
        {
            var bell = relay.Bell;
            if (TryTake(out var taken))
            {
                lingered = false;
                Run(in taken, runElsewhere: null);
            }
            else if (forwarding.Forward() is >= 0 and var limit)
            {
                relay.Park(bell, limit);
            }
            else if (!IsSurplus())
            {
                lingered = false;
                relay.Park(bell, -1);
            }
            else if (lingered && TryLeave())
            {
                return;
            }
            else
            {
                var start = TimeProvider.System.GetTimestamp();
                relay.Park(bell, LingerNanoseconds);
                lingered = TimeProvider.System.GetElapsedTime(start).TotalNanoseconds >= LingerNanoseconds;
            }
        }
    }

    private void Run(in RelayTaken taken, ISignalSink? runElsewhere)
    {
        if (taken.IsForwarded)
        {
            forwarding.Announce();
        }

        if (taken.Wake is not { } listener)
        {
            return;
        }

        if (runElsewhere is not null && listener.MayBlock)
        {
            runElsewhere.WakeLater(listener);
            return;
        }

        lock (_gate)
        {
            _busy++;
            KeepOneReady();
        }

        listener.Execute();
        lock (_gate)
        {
            _busy--;
        }
    }

    private bool IsSurplus()
    {
        lock (_gate)
        {
            return _signals == 0 || _threads - _busy > Ready;
        }
    }

    private bool TryLeave()
    {
        lock (_gate)
        {
            if (_signals > 0 && _threads - _busy <= Ready)
            {
                return false;
            }

            _threads--;
            return true;
        }
    }
}
