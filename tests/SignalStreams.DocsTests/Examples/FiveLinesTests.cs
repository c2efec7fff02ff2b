using System.Globalization;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("five-lines")]
public sealed class FiveLinesTests
{
    [Fact]
    public async Task SIGHUP_reloads_and_SIGTERM_ends_it_with_zero()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The program says nothing when it is ready; /proc does, on Linux.");
        using var program = await ExampleProcess.StartAsync("five-lines");
        await UntilCaughtAsync(program.Id, SIGHUP);
        program.Kill(SIGHUP);
        await program.LineAsync("reloading the configuration");
        program.Kill(SIGHUP);
        await program.LineAsync("reloading the configuration");
        program.Kill(SIGTERM);
        var (code, rest) = await program.EndAsync();
        Assert.Empty(rest);
        Assert.Equal(0, code);
    }

    // Another process's signal handling raises no event: it is looked at until it is so.
    private static async Task UntilCaughtAsync(int pid, ShutdownSignal signal)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await CaughtAsync(pid, limit.Token) >> (signal.GetNumber() - 1) & 1) == 0)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private static async Task<ulong> CaughtAsync(int pid, CancellationToken cancellationToken)
    {
        const string Caught = "SigCgt:";
        var status = await File.ReadAllLinesAsync($"/proc/{pid}/status", cancellationToken);
        return ulong.Parse(status.Single(l => l.StartsWith(Caught, StringComparison.Ordinal)).AsSpan(Caught.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
