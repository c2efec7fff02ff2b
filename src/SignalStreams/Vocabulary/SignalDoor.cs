namespace SignalStreams;

/// <summary>Where signals that a caller names come in: checked, normalised and without repetition, or not at all.</summary>
internal static class SignalDoor
{
    /// <exception cref="ArgumentException">There is none, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public static ShutdownSignal[] Check(IEnumerable<ShutdownSignal> signals, string parameter = "signals")
    {
        ArgumentNullException.ThrowIfNull(signals, parameter);
        var given = signals as ShutdownSignal[] ?? [.. signals];
        var normalized = new ShutdownSignal[given.Length];
        var count = 0;
        for (var i = 0; i < given.Length; i++)
        {
            var signal = Check(given[i], parameter);
            if (!Contains(normalized, signal, count))
            {
                normalized[count++] = signal;
            }
        }

        return count == 0 ? throw SignalErrors.NoSignals(parameter) : count == given.Length ? normalized : normalized[..count];
    }

    private static ShutdownSignal Check(ShutdownSignal signal, string parameter)
    {
        signal = SignalTable.Current.Normalize(signal);
        var rule = SignalTable.Current.RuleOf(signal);
        return rule == SignalRule.Listen ? signal
            : throw SignalErrors.ForListening(signal, rule, parameter) ?? (Exception)SignalErrors.NotOnThisPlatform(signal);
    }

    // Not List.Contains, which would have to be compiled for the enumeration at the start of every program.
    private static bool Contains(ShutdownSignal[] signals, ShutdownSignal signal, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (signals[i] == signal)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Checks a signal that is to end the process.</summary>
    public static ShutdownSignal CheckForEnding(ShutdownSignal signal, string parameter = "signal")
    {
        signal = CheckForSending(signal, parameter);
        return SignalTable.Current.EndsByDefault(signal) ? signal : throw SignalErrors.DoesNotEnd(signal, parameter);
    }

    /// <summary>Checks a signal that is to be sent.</summary>
    public static ShutdownSignal CheckForSending(ShutdownSignal signal, string parameter = "signal")
    {
        signal = SignalTable.Current.Normalize(signal);
        return SignalTable.Current.RuleOf(signal) switch
        {
            SignalRule.NoSignal => throw SignalErrors.ForListening(signal, SignalRule.NoSignal, parameter)!,
            SignalRule.NotOnThisPlatform => throw SignalErrors.NotOnThisPlatform(signal),
            _ => signal,
        };
    }
}
