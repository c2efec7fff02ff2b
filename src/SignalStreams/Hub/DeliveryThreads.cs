using System.Diagnostics;

namespace SignalStreams;

/// <summary>The threads that run what waits for a signal, or what stops processes: the library's own, so that a starved thread pool delays nobody.</summary>
/// <remarks>
/// <para>One thread serves the queue, a second helps while there is more than one to wake, a third waits for its turn while both are busy. User
/// code may keep a thread for as long as it likes: whenever the queue does not move for a moment (a millisecond for signals), one more thread takes over. So there
/// are at most as many threads as there are listeners that block, and three; while the meter is published, four. Where not one is to be had, the thread pool serves the queue.</para>
/// <para>Threads wait without a time limit while anyone listens, and leave a second after the last one closed, so that a
/// collectible <see cref="System.Runtime.Loader.AssemblyLoadContext"/> with the library in it can be unloaded.</para>
/// </remarks>
internal sealed class DeliveryThreads
{
    private const int Helpers = 2;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeforePublication = TimeSpan.FromMilliseconds(250);

    private readonly string _name;
    private readonly Action? _rehearse;
    private readonly TimeSpan _stalled;
    private readonly bool _publishes;
    private readonly Action<Thread> _launch = static thread => thread.UnsafeStart();
    private readonly object _gate = new();
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private int _listeners;
    private int _threads;
    private int _busy;
    private int _parked;
    private int _wakeUps;
    private long _taken;
    private bool _isAwaitingTurn;
    private int _stuck;
    private long _stuckTicket;

    /// <summary>Those of signals.</summary>
    /// <param name="rehearse">Is run by each thread first.</param>
    public DeliveryThreads(Action rehearse)
    {
        _name = "SignalStreams delivery";
        _rehearse = rehearse;
        _stalled = TimeSpan.FromMilliseconds(1);
        _publishes = true;
    }

    /// <summary>Those of other work.</summary>
    /// <param name="name">What they are called.</param>
    /// <param name="stalled">For how long the queue stands still before another takes over.</param>
    /// <param name="launch">For tests: starts a thread, or throws what the runtime throws where there is none to be had.</param>
    public DeliveryThreads(string name, TimeSpan stalled, Action<Thread>? launch = null)
    {
        _name = name;
        _stalled = stalled;
        _launch = launch ?? _launch;
    }

    /// <summary>How many threads live now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _threads;
            }
        }
    }

    private bool IsSurplus => _threads - _stuck > Helpers;

    private bool IsToPublish => _publishes && !SignalStreamsMetrics.IsPublished;

    /// <summary>Keeps a thread ready from now on.</summary>
    public void Retain()
    {
        SignalStreamsMetrics.Prepare();
        lock (_gate)
        {
            _listeners++;
            if (_threads == 0)
            {
                StartThread();
            }
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            if (--_listeners == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    public void Wake(SignalListener listener)
    {
        if (listener.TryEnterQueue())
        {
            Enqueue(listener);
        }
    }

    /// <summary>Runs work that contains what user code throws.</summary>
    public void Enqueue(IThreadPoolWorkItem work)
    {
        lock (_gate)
        {
            _queue.Enqueue(work);
            CallHands();
        }
    }

    /// <summary>Puts all who wait into the queue but one, which is given back.</summary>
    public SignalListener? EnqueueAllButOne(ReadOnlySpan<Subscription> subscriptions)
    {
        SignalListener? left = null;
        for (var i = 0; i < subscriptions.Length; i++)
        {
            var listener = subscriptions[i].Listener;
            if (listener.NeedsWakeUp)
            {
                if (left is not null)
                {
                    EnqueueAll(subscriptions[i..]);
                    break;
                }

                left = listener;
            }
        }

        return left;
    }

    private void EnqueueAll(ReadOnlySpan<Subscription> subscriptions)
    {
        lock (_gate)
        {
            foreach (var subscription in subscriptions)
            {
                var listener = subscription.Listener;
                if (listener.NeedsWakeUp && listener.TryEnterQueue())
                {
                    _queue.Enqueue(listener);
                }
            }

            CallHands();
        }
    }

    // While the queue has something, one thread is on its way to it, or looks again in a moment.
    private void CallHands()
    {
        Debug.Assert(Monitor.IsEntered(_gate));
        if (_queue.Count == 0)
        {
            return;
        }

        if (_threads > _busy + _parked)
        {
            if (_isAwaitingTurn && _busy - _stuck < Helpers)
            {
                // Its turn has come. All, since one pulse may go to one that is parked, which goes on waiting.
                _isAwaitingTurn = false;
                Monitor.PulseAll(_gate);
            }

            return;
        }

        if (_parked > 0)
        {
            _parked--;
            _wakeUps++;
            Monitor.Pulse(_gate);
        }
        else
        {
            StartThread();
        }
    }

    private void StartThread()
    {
        _threads++;
        try
        {
            // UnsafeStart: whoever happens to be first must not lend its AsyncLocals to everybody's continuations.
            _launch(new Thread(Serve) { IsBackground = true, Name = _name });
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // No thread to be had now. Whoever is busy takes the queue over when it comes back; where nobody is, the pool has threads that live already.
            // A tree that forks until the system has no threads left is to be stopped all the same.
            _threads--;
            if (_threads == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static threads => threads.ServeOnPool(), this, preferLocal: false);
            }

            // Not under the gate: whoever listens to the event source may block.
            ThreadPool.UnsafeQueueUserWorkItem(static message => SignalStreamsEventSource.Log.NoThread(message), e.Message, preferLocal: false);
        }
    }

    private void Serve()
    {
        _rehearse?.Invoke();
        lock (_gate)
        {
            while (true)
            {
                if (_queue.Count == 0)
                {
                    if (!Park())
                    {
                        _threads--;
                        return;
                    }
                }
                else if (_busy - _stuck < Helpers)
                {
                    Take();
                }
                else
                {
                    var before = _taken;
                    _isAwaitingTurn = true;
                    var isCalled = Monitor.Wait(_gate, _stalled);
                    _isAwaitingTurn = false;
                    if (!isCalled && _taken == before)
                    {
                        _stuck = _busy;
                        _stuckTicket = _taken;
                    }
                }
            }
        }
    }

    private void ServeOnPool()
    {
        lock (_gate)
        {
            while (_threads == 0 && _queue.Count > 0)
            {
                Take();
            }
        }
    }

    private void Take()
    {
        var work = _queue.Dequeue();
        var ticket = LeaveGate();
        work.Execute();
        ReturnToGate(ticket);
    }

    private long LeaveGate()
    {
        var ticket = ++_taken;
        _busy++;
        CallHands();
        Monitor.Exit(_gate);
        return ticket;
    }

    private void ReturnToGate(long ticket)
    {
        Monitor.Enter(_gate);
        _busy--;
        if (ticket <= _stuckTicket)
        {
            _stuck--;
        }
    }

    /// <returns>False when the thread is no longer needed.</returns>
    private bool Park()
    {
        _parked++;
        while (true)
        {
            // Here and not at the first open: it takes longer than all the rest of it. Meanwhile another thread serves, as for user code.
            if (IsToPublish && UntilPublication() <= TimeSpan.Zero && SignalStreamsMetrics.TryBeginPublishing())
            {
                _parked--;
                var ticket = LeaveGate();
                SignalStreamsMetrics.Publish();
                ReturnToGate(ticket);
                return true;
            }

            var inTime = IsToPublish ? Monitor.Wait(_gate, UntilPublication())
                : _listeners > 0 && !IsSurplus ? Monitor.Wait(_gate)
                : Monitor.Wait(_gate, Linger);
            if (_wakeUps > 0)
            {
                _wakeUps--;
                return true;
            }

            if (!inTime && !IsToPublish && (_listeners == 0 || IsSurplus))
            {
                _parked--;
                return false;
            }
        }
    }

    // Asks the clock only: another hub may publish at any moment, and no time limit would be one that a wait refuses.
    private TimeSpan UntilPublication() => BeforePublication - TimeProvider.System.GetElapsedTime(_start) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
