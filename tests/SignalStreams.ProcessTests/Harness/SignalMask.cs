using System.Globalization;

namespace SignalStreams.ProcessTests;

/// <summary>The sets of signals that a remote child prints: what it ignores and blocks.</summary>
internal static class SignalMask
{
    /// <summary>Reads one set from a line like "SigIgn=0000000000001000 SigBlk=0000000000000000".</summary>
    public static ulong Parse(string masks, string name) =>
        ulong.Parse(masks.Split(' ').Single(mask => mask.StartsWith(name, StringComparison.Ordinal))[(name.Length + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Asserts that the child ignores some signals now.</summary>
    public static async Task AssertIgnoresAsync(this ChildProcess child, params ShutdownSignal[] signals)
    {
        child.Tell("masks now");
        var ignored = Parse(await child.ExpectRestAsync("now "), "SigIgn");
        await child.ExpectAsync("ok");
        Assert.All(signals, signal => Assert.True((ignored >> (signal.GetNumber() - 1) & 1) != 0, $"{signal} should be ignored; SigIgn is {ignored:x}."));
    }
}
