using System.Globalization;

namespace SignalStreams.ProcessTests.Stress;

/// <summary>Listeners open and close on several threads while real signals rain.</summary>
public sealed class StormTests
{
    // All that is sent must fit into the pipe in which the runtime keeps signals until it has served them, 65 536 in all: once that
    // is full, its handler blocks every thread of the process, the one that reads the pipe among them, for ever.
    private const int PerSecond = 6000;
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("harmless", "SIGWINCH", "SIGCHLD")]
    [InlineData("terminating", "SIGTERM", "SIGHUP", "SIGUSR1")]
    public async Task Listeners_that_open_and_close_in_a_storm_lose_leak_and_block_nothing(string kind, params string[] names)
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Scenario("StressStorm", kind) with { Input = ChildInput.Pipe });
        var sent = await SendAsync(child, names);
        child.Tell("half");
        await child.ExpectNextAsync("half");
        sent += await SendAsync(child, names);
        child.Tell("stop");
        Assert.InRange(await NumberAsync(child, "opened "), 1000, long.MaxValue);
        Assert.InRange(await NumberAsync(child, "received "), 1000, long.MaxValue);
        if (kind == "terminating")
        {
            Assert.InRange(await NumberAsync(child, "anchor "), 1000, sent);
        }

        await child.ExpectNextAsync("done");
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} sent; {child.Output.ReplaceLineEndings("; ")}");

        // Nobody listens any more: the default is not lost.
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM);
    }

    private static async Task<long> SendAsync(ChildProcess child, string[] names)
    {
        ShutdownSignal[] signals = [.. names.Select(ShutdownSignals.Parse)];
        var start = TimeProvider.System.GetTimestamp();
        var elapsed = TimeSpan.Zero;
        long sent = 0;
        while (elapsed < Half)
        {
            for (; sent < elapsed.TotalSeconds * PerSecond; sent++)
            {
                child.Send(signals[Random.Shared.Next(signals.Length)]);

                // Or the kernel would merge most of those that are due at once.
                Thread.SpinWait(Random.Shared.Next(1000));
            }

            await Task.Yield();
            elapsed = TimeProvider.System.GetElapsedTime(start);
        }

        return sent;
    }

    private static async Task<long> NumberAsync(ChildProcess child, string name) =>
        long.Parse(await child.ExpectRestAsync(name), CultureInfo.InvariantCulture);
}
