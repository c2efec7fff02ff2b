namespace SignalStreams;

/// <summary>How far the stop of one service is, seen from the host that calls it.</summary>
internal sealed class StopProgress
{
    private volatile bool _isCalled;
    private volatile bool _isOver;

    /// <summary>Called when the stop is over, on the thread that says so.</summary>
    public Action? Ended { get; set; }

    /// <summary>Whether the host has called it.</summary>
    public bool IsCalled => _isCalled;

    /// <summary>Whether the call has returned, with or without success.</summary>
    public bool IsOver => _isOver;

    public void Called() => _isCalled = true;

    public void Over()
    {
        _isOver = true;
        Ended?.Invoke();
    }
}
