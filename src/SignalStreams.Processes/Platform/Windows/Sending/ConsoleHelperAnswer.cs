namespace SignalStreams;

/// <summary>What became of a run of the console helper.</summary>
/// <param name="Result">What it says.</param>
/// <param name="Detail">The error behind it, for messages; null where there is none.</param>
internal readonly record struct ConsoleHelperAnswer(ConsoleHelperResult Result, string? Detail = null)
{
    // Set by the helper itself: an event of another helper ends it with another code.
    private const int Said = 0x80;

    public static implicit operator ConsoleHelperAnswer(ConsoleHelperResult result) => new(result);

    /// <summary>Reads the exit code of consolesignal.c: the result in the lowest byte, what the system said in those above.</summary>
    public static ConsoleHelperAnswer FromExitCode(int code)
    {
        var result = (ConsoleHelperResult)(code & (Said - 1));
        return (code & Said) != 0 && result is >= ConsoleHelperResult.Sent and <= ConsoleHelperResult.Refused
            ? new(result, code >>> 8 == 0 ? null
                : result == ConsoleHelperResult.OthersAttached ? FormattableString.Invariant($"process {code >>> 8} for one")
                : FormattableString.Invariant($"error {code >>> 8}"))
            : new(ConsoleHelperResult.Interrupted, FormattableString.Invariant($"it ended with 0x{code:X8}"));
    }
}
