namespace SignalStreams;

/// <summary>Where signals that a caller names come in: checked, normalised and without repetition, or not at all.</summary>
internal static class SignalDoor
{
    /// <exception cref="ArgumentException">There is none, or one of them cannot be listened to.</exception>
    /// <exception cref="PlatformNotSupportedException">This platform does not have one of them.</exception>
    public static ShutdownSignal[] Check(IEnumerable<ShutdownSignal> signals, string parameter = "signals")
    {
        ArgumentNullException.ThrowIfNull(signals, parameter);
        List<ShutdownSignal> normalized = [];
        foreach (var given in signals)
        {
            var signal = SignalTable.Current.Normalize(given);
            var rule = SignalTable.Current.RuleOf(signal);
            if (rule != SignalRule.Listen)
            {
                throw SignalErrors.ForListening(signal, rule, parameter) ?? (Exception)SignalErrors.NotOnThisPlatform(signal);
            }

            if (!normalized.Contains(signal))
            {
                normalized.Add(signal);
            }
        }

        return normalized.Count > 0 ? [.. normalized] : throw SignalErrors.NoSignals(parameter);
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
