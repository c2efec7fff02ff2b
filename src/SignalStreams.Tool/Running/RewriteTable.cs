namespace SignalStreams.Tool;

/// <summary>What is forwarded in the place of what: dumb-init's <c>--rewrite</c>.</summary>
internal sealed class RewriteTable
{
    private readonly Dictionary<ShutdownSignal, ShutdownSignal?> _rules = [];

    /// <summary>Reads FROM:TO, where TO can be 0, which drops the signal.</summary>
    public bool TryAdd(string text, out string error)
    {
        error = "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var to = colon < 0 ? "" : text[(colon + 1)..].Trim();
        if (colon < 0)
        {
            error = $"'{text}' is no rule for --rewrite: write FROM:TO, as in TERM:QUIT; a TO of 0 drops the signal.";
        }
        else if (!ShutdownSignals.TryParse(text[..colon], out var from))
        {
            error = SignalList.NotASignal(text[..colon]);
        }
        else if (!ShutdownSignals.IsSupported(from))
        {
            error = $"{from.GetName()} cannot be rewritten: no program can catch it.";
        }
        else if (to == "0")
        {
            _rules[from] = null;
        }
        else if (!ShutdownSignals.TryParse(to, out var target))
        {
            error = SignalList.NotASignal(to);
        }
        else if (SignalList.Undeliverable(target) is { } undeliverable)
        {
            error = undeliverable;
        }
        else
        {
            _rules[from] = target;
        }

        return error.Length == 0;
    }

    public bool Contains(ShutdownSignal signal) => _rules.ContainsKey(signal);

    /// <summary>What is sent for a signal; null for nothing.</summary>
    public ShutdownSignal? Apply(ShutdownSignal signal) => _rules.TryGetValue(signal, out var target) ? target : signal;
}
