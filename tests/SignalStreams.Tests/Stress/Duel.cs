using System.Runtime.ExceptionServices;

namespace SignalStreams.Tests.Stress;

/// <summary>Lets two threads act at the same moment, again and again, with small random delays that move the point where they meet.</summary>
/// <remarks>Told who won, it moves the delays so that both win about as often: a race that one side always wins proves nothing.</remarks>
internal sealed class Duel : IDisposable
{
    private const int Step = 4;
    private const int Ordinary = 2000;
    private const int LongestDelay = 200_000;

    // In proportion: where there are fewer races there is less time to find the point where they meet.
    private static readonly int Patient = Effort.Of(200);

    private readonly Barrier _barrier = new(2);
    private readonly Thread _partner;
    private readonly Random _delays = new(1);
    private Action? _there;
    private int _hereDelay;
    private int _thereDelay;
    private int _advantage;
    private int _streak;
    private bool _isHereAhead;
    private int _hereWon;
    private int _thereWon;
    private Exception? _failure;

    public Duel()
    {
        _partner = new Thread(Serve) { IsBackground = true, Name = nameof(Duel) };
        _partner.Start();
    }

    /// <summary>Runs one action on this thread and the other on a second one; returns when both are done.</summary>
    public void Meet(Action here, Action there)
    {
        _there = there;
        _hereDelay = _delays.Next(20 + (2 * Math.Max(0, _advantage)));
        _thereDelay = _delays.Next(20 + (2 * Math.Max(0, -_advantage)));
        MeetPartner();
        try
        {
            Thread.SpinWait(_hereDelay);
            here();
        }
        finally
        {
            MeetPartner();
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    public void Won(bool here)
    {
        // On a busy machine a thread takes a thousand times as long to wake: a side that wins hundreds of times in a row is held back ever more,
        // until it has lost once.
        _streak = here == _isHereAhead ? _streak + 1 : 1;
        if (here != _isHereAhead && Math.Abs(_advantage) > Ordinary)
        {
            _advantage = Math.Sign(_advantage) * Ordinary;
        }

        _isHereAhead = here;
        var step = Step << Math.Min(_streak / Patient, 14);
        _advantage = Math.Clamp(_advantage + (here ? step : -step), -LongestDelay, LongestDelay);
        (here ? ref _hereWon : ref _thereWon)++;
    }

    public void AssertBothWon()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_hereWon} to {_thereWon}");
        Assert.True(_hereWon > 0 && _thereWon > 0, $"No race: {_hereWon} to {_thereWon}.");
    }

    public void Dispose()
    {
        _there = null;
        if (_barrier.SignalAndWait(Patience.Limit) && _partner.Join(Patience.Limit))
        {
            _barrier.Dispose();
        }
    }

    private void MeetPartner() => Assert.True(_barrier.SignalAndWait(Patience.Limit), "What the other thread runs does not return.");

    private void Serve()
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_there is not { } there)
            {
                return;
            }

            try
            {
                Thread.SpinWait(_thereDelay);
                there();
            }
#pragma warning disable CA1031 // It is thrown again on the thread that asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _failure = e;
            }

            _barrier.SignalAndWait();
        }
    }
}
