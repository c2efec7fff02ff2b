namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>What a process says on its standard error stream about its end.</summary>
public sealed class TimelineTests
{
    [Fact]
    public async Task Handler_that_hangs_is_named_with_its_limit_and_the_sender_of_the_signal()
    {
        using var child = await MainChild.StartAsync("rehearse", "handler quick", "handler-hangs stuck 0.3");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "stuck", "quick");
        var verdict = Assert.Single(child.Output.Split('\n'), line => line.StartsWith("The shutdown was held up: ", StringComparison.Ordinal));
        Assert.Contains("handler 'stuck' was given up after ", verdict, StringComparison.Ordinal);
        Assert.Contains("(limit 0.3 s)", verdict, StringComparison.Ordinal);
        Assert.DoesNotContain("quick", verdict, StringComparison.Ordinal);
        Assert.Contains($"Shutdown by SIGTERM from {Backend.Sender}: ", child.Output, StringComparison.Ordinal);
        Assert.Contains(child.Output.Split('\n'), line => line.Contains("  handler  stuck", StringComparison.Ordinal) && line.EndsWith("was given up, limit 0.3 s", StringComparison.Ordinal));
        Assert.Contains(child.Output.Split('\n'), line => line.Contains("  handler  quick", StringComparison.Ordinal) && line.EndsWith("ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clean_end_is_told_of_always_when_that_is_asked_for()
    {
        using var child = await MainChild.StartAsync("rehearse", "configure timeline=Always", "handler quick");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "quick");
        Assert.Contains("Shutdown by SIGTERM", child.Output, StringComparison.Ordinal);
        Assert.Contains("  handler  quick", child.Output, StringComparison.Ordinal);
        child.AssertNoError();
    }

    [Fact]
    public async Task Clean_end_is_not_told_of_by_default()
    {
        using var child = await MainChild.StartAsync("handler quick");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "quick");
        Assert.DoesNotContain("Shutdown", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_told_of_when_that_is_asked_for()
    {
        using var child = await MainChild.StartAsync("configure timeline=Never", "handler-hangs stuck 0.3");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(SIGTERM, "stuck");
        Assert.DoesNotContain("hutdown", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Third_signal_tells_what_was_running()
    {
        var output = await ThirdSignalAsync("handler-waits stuck", child => child.ExpectAsync("handler stuck"));
        Assert.Contains("The shutdown was held up: handler 'stuck' still runs after ", output, StringComparison.Ordinal);
        Assert.Contains("Shutdown by SIGTERM", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Third_signal_tells_of_the_block_that_was_active()
    {
        var output = await ThirdSignalAsync("block b", child => child.DoAsync("state Requested"));
        Assert.Contains("block 'b' still runs after ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raise SIGTERM", 1)]
    [InlineData("request why 4", 1)]
    [InlineData("main exit 0", 0)]
    [InlineData("throw", 0)]
    public async Task BeforeTermination_is_called_once_at_an_end_that_somebody_asked_for(string way, int times)
    {
        using var child = await MainChild.StartAsync("configure before-termination=prints", "handler-hangs h 0.2");
        child.Tell(way);
        await child.WaitForExitAsync();
        Assert.Equal(times, child.Output.Split("before termination").Length - 1);
    }

    [Fact]
    public async Task BeforeTermination_is_called_once_by_the_third_signal()
    {
        var output = await ThirdSignalAsync("handler-waits stuck", child => child.ExpectAsync("handler stuck"));
        Assert.Equal(2, output.Split("before termination").Length);
    }

    // The third signal leaves a quarter of a second for what is said before the end, and a machine that is busy with other things may take that away.
    private static async Task<string> ThirdSignalAsync(string setup, Func<ChildProcess, Task> begin)
    {
        const int Patience = 10;
        for (var i = 1; ; i++)
        {
            using var child = await MainChild.StartAsync("configure before-termination=prints", "main hang", setup);
            child.Send(SIGTERM);
            await begin(child);
            child.Send(SIGINT);
            await child.DoAsync("attempts 2");
            child.Send(SIGQUIT);
            await child.AssertEndsAsync(SIGQUIT);
            if (i == Patience || child.Output.Contains("Shutdown by SIGTERM", StringComparison.Ordinal))
            {
                return child.Output;
            }
        }
    }
}
