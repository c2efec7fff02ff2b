namespace SignalStreams;

/// <content>What is said right before the end.</content>
public sealed partial class ShutdownManager
{
    // While somebody waits for an end by force.
    private static readonly TimeSpan ForcedLastWordsTime = TimeSpan.FromMilliseconds(250);

    private bool _isForced;

    private void SayLastWords()
    {
        if (Reason is not null || _isForced)
        {
            Contain(Settings.BeforeTermination, nameof(ShutdownOptions.BeforeTermination));
        }

        Contain(HandOutTimeline, nameof(ShutdownOptions.OnTimeline));
    }

    // Before it is needed: compiling all that takes longer than an end by force waits.
    private void RehearseLastWords() => Contain(
        () =>
        {
            _ = Timeline.ToString();
            _ = Console.Error;
        },
        nameof(ShutdownOptions.OnTimeline));

    private void HandOutTimeline()
    {
        var isLogged = SignalStreamsEventSource.Log.IsEnabled();
        lock (Gate)
        {
            // Most ends are of no interest, and need not wait for a table.
            if (!isLogged && !_isForced && Settings.Timeline != TimelineOutput.Always && !_timeline.MayHaveCulprit)
            {
                return;
            }
        }

        // As it will be in a moment, unless it ends by force.
        var timeline = _isForced ? Timeline : Timeline with { State = ShutdownState.Ended };
        var verdict = timeline.Verdict;
        if (isLogged)
        {
            SignalStreamsEventSource.Log.ShutdownEnded(timeline.ToString());
            if (verdict is not null)
            {
                SignalStreamsEventSource.Log.ShutdownHeldUp(verdict);
            }
        }

        if (Settings.Timeline == TimelineOutput.Always || (Settings.Timeline == TimelineOutput.WhenLimitPassed && (_isForced || verdict is not null)))
        {
            (Settings.OnTimeline ?? (given => Print(given.ToString())))(timeline);
        }
    }

    /// <summary>Says what came after the last words.</summary>
    private void Complain(string verdict)
    {
        DetachedThread.Run("last words", ForcedLastWordsTime, () => Contain(
            () =>
            {
                if (Settings is { Timeline: not TimelineOutput.Never, OnTimeline: null })
                {
                    Print($"{verdict}\n");
                }

                SignalStreamsEventSource.Log.ShutdownHeldUp(verdict);
            },
            nameof(ShutdownOptions.OnTimeline)));
    }

    // Nobody may be reading there: called only by threads that nobody waits for without a limit.
    private void Print(string text)
    {
        if (!_isOfTest)
        {
            Console.Error.Write(text);
        }
    }
}
