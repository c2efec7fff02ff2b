using System.Globalization;

namespace SignalStreams.ProcessTests;

public sealed class StormTests
{
    private const int Many = 10_000;

    [Fact]
    public async Task Each_of_ten_thousand_real_time_signals_arrives()
    {
        using var child = await ChildProcess.StartReadyAsync("Count", "SIGRTMIN+3", Many.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < Many; i++)
        {
            // The kernel's own queue is limited (RLIMIT_SIGPENDING): what it refuses has not been sent.
            await child.UntilAsync(() => child.Queue(ShutdownSignals.Parse("SIGRTMIN+3"), i), "take what is queued for it");
        }

        await child.ExpectAsync($"count {Many} lost 0");
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Storm_of_one_standard_signal_loses_nothing_but_what_the_kernel_merges()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Scenario("Storm") with { Input = ChildInput.Pipe });
        for (var round = 1; round <= 50; round++)
        {
            for (var i = 0; i < Many / 50; i++)
            {
                child.Send(SIGUSR1);
            }

            child.Tell(round.ToString(CultureInfo.InvariantCulture));
            await child.ExpectAsync($"began {round}");

            // The last of all: whatever merged before, this one is seen.
            child.Send(SIGUSR1);
            await child.ExpectAsync($"seen {round}");
        }

        child.CloseInput();
        Assert.InRange(int.Parse(await child.ExpectRestAsync("delivered "), CultureInfo.InvariantCulture), 50, Many + 50);
    }
}
