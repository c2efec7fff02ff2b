namespace SignalStreams;

/// <content>What signals do.</content>
public sealed partial class ShutdownManager
{
    // For a reload that has to be through before the end.
    private static readonly TimeSpan HangupTime = TimeSpan.FromSeconds(1);

    private readonly Lock _hangupGate = new();

    /// <summary>A signal has arrived. On a delivery thread.</summary>
    internal void OnSignal(SignalCancelReason reason)
    {
        if (reason.Signal == ShutdownSignal.SIGHUP && !Hangup())
        {
            return;
        }

        if (IsHarmlessLogoff(reason.Signal))
        {
            return;
        }

        if (!Request(reason, 0, reason.Delivery.Timestamp))
        {
            Insist(reason);
        }
    }

#pragma warning disable CA1416 // It arrives on Windows only.
    private bool IsHarmlessLogoff(ShutdownSignal signal) => signal == ShutdownSignal.CTRL_LOGOFF_EVENT && !Settings.TerminateOnLogoff;
#pragma warning restore CA1416

    /// <returns>Whether the process is to end for it.</returns>
    private bool Hangup()
    {
        var settings = Settings;
        if (settings.BeforeHangup is { } callback)
        {
            void Call()
            {
                lock (_hangupGate)
                {
                    Contain(callback, nameof(ShutdownOptions.BeforeHangup));
                }
            }

            if (settings.TerminateOnHangup)
            {
                DetachedThread.Run("hangup", HangupTime, Call);
            }
            else
            {
                Call();
            }
        }

        return settings.TerminateOnHangup;
    }

    /// <summary>One attempt too many: the hub is about to end the process, on a thread on which nothing may wait for long.</summary>
    private void OnLastAttempt(ShutdownSignal signal)
    {
        // Even if somebody hangs there: nothing may keep the process from ending.
        if (Monitor.TryEnter(Gate, ForcedLastWordsTime))
        {
            try
            {
                _isForced = true;
                if (_state == ShutdownState.Running)
                {
                    _timeline.Begin(signal.GetName(), Time.GetTimestamp());
                }
            }
            finally
            {
                Monitor.Exit(Gate);
            }

            _lastWords.Say(ForcedLastWordsTime);
        }
    }
}
