using System.Globalization;

namespace SignalStreams.ProcessTests.Native;

/// <summary>Real-time signals, and others that are sent with a value.</summary>
[Collection(PendingSignals.Name)]
public sealed class QueuedSignalsTests
{
    private const int Many = 100_000;
    private static readonly ShutdownSignal Signal = ShutdownSignals.Parse("SIGRTMIN+5");

    // Where two threads handle two signals at once nobody knows which the kernel gave out first: how many are out of place is told, and not judged.
    [Fact]
    public async Task Each_of_a_hundred_thousand_from_another_process_arrives_once_with_its_value()
    {
        Assert.SkipUnless(Backend.IsNative, "The portable source knows no values.");
        using var child = await ChildProcess.StartReadyAsync("Values", Signal.GetName(), Many.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < Many; i++)
        {
            // The kernel's own queue is limited (RLIMIT_SIGPENDING): what it refuses has not been sent.
            await child.UntilAsync(() => child.Queue(Signal, i), "take what is queued for it");
        }

        var outOfPlace = await child.ExpectRestAsync($"each of {Many} once, lost 0, out of place ");
        TestContext.Current.TestOutputHelper?.WriteLine($"{outOfPlace} of {Many} out of place");
        await child.AssertEndsAsync(0);
    }

    // Now and then the runtime interrupts another thread by a signal of its own, which then takes one of ours along: that makes three out of place.
    [Fact]
    public async Task Hundred_thousand_that_the_main_thread_sends_arrive_in_order_with_their_values_but_for_what_the_runtime_interrupts()
    {
        Assert.SkipUnless(Backend.IsNative, "The portable source knows no values.");
        using var child = await ChildProcess.StartReadyAsync("Values", Signal.GetName(), Many.ToString(CultureInfo.InvariantCulture), "from-main");
        var outOfPlace = await child.ExpectRestAsync($"each of {Many} once, lost 0, out of place ");
        Assert.InRange(int.Parse(outOfPlace, CultureInfo.InvariantCulture), 0, Many / 1000);
        await child.AssertEndsAsync(0);
    }
}
