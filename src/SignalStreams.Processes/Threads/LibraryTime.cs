namespace SignalStreams;

/// <summary>The system's clock with timers that need no thread pool.</summary>
/// <remarks>One thread waits for the next timer that is due, and hands it to <see cref="LibraryScheduler.Threads"/>. It comes with the first timer, and goes a
/// second after the last.</remarks>
internal sealed class LibraryTime : TimeProvider
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly object _gate = new();
    private readonly SortedSet<LibraryTimer> _due = new(Comparer<LibraryTimer>.Create(LibraryTimer.Compare));
    private long _lastNumber;
    private bool _isRunning;

    /// <summary>For tests: one that nobody else uses.</summary>
    internal LibraryTime()
    {
    }

    public static LibraryTime Shared { get; } = new();

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

    /// <summary>This one for the system's, and every other as it is: a test moves its own.</summary>
    public static TimeProvider For(TimeProvider time) => ReferenceEquals(time, System) ? Shared : time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
        {
            throw new NotSupportedException("These timers are due once.");
        }

        var timer = new LibraryTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets a timer anew; null for never.</summary>
    internal void Set(LibraryTimer timer, TimeSpan? dueTime)
    {
        var due = dueTime is { } left ? Deadline.After(left) : Deadline.Never;
        lock (_gate)
        {
            _due.Remove(timer);
            timer.IsOver = false;
            if (due.IsNever)
            {
                return;
            }

            timer.Due = due;
            timer.Number = ++_lastNumber;
            _due.Add(timer);
            if (!_isRunning)
            {
                DetachedThread.Start("timers", Run);
                _isRunning = true;
            }
            else if (_due.Min == timer)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    internal void Remove(LibraryTimer timer)
    {
        lock (_gate)
        {
            timer.IsOver = true;
            if (_due.Remove(timer) && _due.Count == 0)
            {
                // It may have been due in hours, and the thread is not to wait for that.
                Monitor.Pulse(_gate);
            }
        }
    }

    internal bool IsOver(LibraryTimer timer)
    {
        lock (_gate)
        {
            return timer.IsOver;
        }
    }

    private void Run()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_due.Min is not { } next)
                {
                    if (!Monitor.Wait(_gate, Linger) && _due.Count == 0)
                    {
                        _isRunning = false;
                        return;
                    }
                }
                else if (next.Due.Remaining() is { Ticks: > 0 } left)
                {
                    // In whole milliseconds upwards: a wait of none would spin through the last one.
                    Monitor.Wait(_gate, left > Longest ? Longest : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
                }
                else
                {
                    _due.Remove(next);
                    LibraryScheduler.Threads.Enqueue(next);
                }
            }
        }
    }
}
