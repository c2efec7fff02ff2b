namespace SignalStreams.ProcessTests.Native;

/// <summary>What a delivery costs the garbage collector.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("SIGUSR2")]
    [InlineData("SIGRTMIN+5")]
    public async Task Delivery_that_nobody_else_is_told_of_allocates_nothing(string signal)
    {
        Assert.SkipUnless(Backend.IsNative, "The runtime allocates for each signal that it delivers.");
        using var child = ChildProcess.Start("Allocations", signal);
        await child.ExpectAsync("nothing");
        await child.AssertEndsAsync(0);
    }
}
