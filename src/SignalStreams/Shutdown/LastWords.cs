namespace SignalStreams;

/// <summary>Runs what a program wants to do and say right before its end, once, and for a moment only.</summary>
/// <remarks>On a thread of its own, made before it is needed: an end by force must wait neither for the user's code nor for a thread.</remarks>
internal sealed class LastWords(Action words, Action rehearse)
{
    private readonly object _gate = new();
    private bool _isPrepared;
    private bool _isTime;
    private bool _isOver;

    /// <summary>Makes the thread.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            if (!_isPrepared)
            {
                _isPrepared = true;
                DetachedThread.Start("last words", Run);
            }
        }
    }

    /// <summary>Says them, if they have not been said, and waits until they have, or the limit has passed.</summary>
    public void Say(TimeSpan limit)
    {
        lock (_gate)
        {
            // Before the thread, if there is none yet: it has no time to rehearse then.
            _isTime = true;
            Monitor.PulseAll(_gate);
        }

        Prepare();
        DetachedThread.Wait(_gate, limit, () => _isOver);
    }

    /// <summary>There will be none.</summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        if (!Volatile.Read(ref _isTime))
        {
            rehearse();
        }

        lock (_gate)
        {
            while (!_isTime && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            if (_isOver)
            {
                return;
            }
        }

        try
        {
            words();
        }
        finally
        {
            Withdraw();
        }
    }
}
