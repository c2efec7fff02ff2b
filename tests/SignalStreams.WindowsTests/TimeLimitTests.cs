using Xunit.Sdk;

namespace SignalStreams.WindowsTests;

/// <summary>What the five seconds of Windows leave time for, and what is said of the rest.</summary>
public sealed class TimeLimitTests
{
    [Fact]
    public Task Clean_up_of_four_seconds_finishes_on_close() => WithinTheLimitAsync(async () =>
    {
        using var child = await WindowsChild.StartAsync("Receive", "CTRL_CLOSE_EVENT", "4");
        var held = await child.EndByAsync(ConsoleEvent.Close);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(3.9), WindowsChild.Patience);
        await child.WaitForExitAsync();
        Assert.Contains("worked\n", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("report", child.Output, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Clean_up_of_nine_seconds_is_cut_and_reported()
    {
        using var child = await WindowsChild.StartAsync("Receive", "CTRL_CLOSE_EVENT", "9");
        var held = await child.EndByAsync(ConsoleEvent.Close);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(4.5), WindowsChild.Patience);
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
        Assert.DoesNotContain("worked", child.Output, StringComparison.Ordinal);
        Assert.Contains("report HoldEnded\n", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task Exit_handlers_of_four_seconds_finish_on_close() => WithinTheLimitAsync(async () =>
    {
        using var child = await WindowsChild.StartAsync("Handlers", "4");
        await child.EndByAsync(ConsoleEvent.Close);
        await child.WaitForExitAsync();
        Assert.Contains("handler after CTRL_CLOSE_EVENT\nhandler has worked\nlast handler\n", child.Output, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Last_exit_handler_has_more_than_its_share_on_close()
    {
        using var child = await WindowsChild.StartAsync("Handler", "2");
        await child.EndByAsync(ConsoleEvent.Close);
        await child.WaitForExitAsync();
        Assert.Contains("handler has worked\n", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task Exit_handlers_of_six_seconds_are_cut_and_the_timeline_says_who() => WithinTheLimitAsync(async () =>
    {
        // It ends itself before the system would. Killed at the limit it would lose its report wherever a machine is busy for a quarter of a second.
        using var child = await WindowsChild.StartAsync("Handlers", "6");
        await child.HeldAsync(ConsoleEvent.Close);
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
        Assert.Contains("handler after CTRL_CLOSE_EVENT\n", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("handler has worked", child.Output, StringComparison.Ordinal);

        // The table comes after it, in several pieces since Console.Error has a small buffer, and is lost where the end comes between them.
        Assert.Contains("The shutdown was held up: handler 'work' was given up", child.Errors, StringComparison.Ordinal);
    });

    [Fact]
    public async Task Handler_that_hangs_ends_at_the_limit()
    {
        using var child = await WindowsChild.StartAsync("Hang", "CTRL_CLOSE_EVENT");
        var held = await child.EndByAsync(ConsoleEvent.Close);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(4.5), WindowsChild.Patience);
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
        Assert.Contains("hanging", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Third_key_ends_a_program_that_hangs()
    {
        using var child = await WindowsChild.StartAsync("Hang", "SIGINT,SIGBREAK");
        child.Raise(ConsoleEvent.CtrlC);
        await child.ExpectAsync("hanging");
        child.Raise(ConsoleEvent.Break);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        child.Raise(ConsoleEvent.CtrlC);
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
    }

    [Fact]
    public async Task Two_events_at_once_are_both_delivered_and_both_held()
    {
        // The system calls the handlers for one event after the other, under a lock, and would end the process when the first is let go; here both are waited for.
        using var child = await WindowsChild.StartAsync("ReceiveEach", "CTRL_CLOSE_EVENT,CTRL_LOGOFF_EVENT", "1");
        var held = await Task.WhenAll(child.HeldAsync(ConsoleEvent.Close), child.HeldAsync(ConsoleEvent.Logoff));
        await child.AssertEndsAsync(7);
        Assert.InRange(held[0] ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(0.9), WindowsChild.Patience);
        Assert.InRange(held[1] ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(1.9), WindowsChild.Patience);
        foreach (var signal in new[] { "CTRL_CLOSE_EVENT", "CTRL_LOGOFF_EVENT" })
        {
            Assert.Contains($"got {signal}\n", child.Output, StringComparison.Ordinal);
            Assert.Contains($"worked for {signal}\n", child.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_events_at_once_are_one_shutdown()
    {
        using var child = await WindowsChild.StartAsync("Handlers", "1");
        await Task.WhenAll(child.EndByAsync(ConsoleEvent.Close), child.EndByAsync(ConsoleEvent.Shutdown));
        await child.WaitForExitAsync();
        Assert.Equal(2, child.Output.Split("handler after").Length);
        Assert.Contains("handler has worked\nlast handler\n", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_back_inside_a_handler_neither_hangs_nor_loses_the_next()
    {
        using var child = await WindowsChild.StartAsync("CloseInside", "SIGINT");
        child.Raise(ConsoleEvent.CtrlC);
        await child.ExpectAsync("closed inside");
        await child.ExpectAsync("ready");
        child.Raise(ConsoleEvent.CtrlC);
        await child.ExpectAsync("closed inside");
        await child.AssertEndsAsync(7);
    }

    [Fact]
    public async Task Giving_back_inside_a_close_lets_the_system_go_at_once()
    {
        using var child = await WindowsChild.StartAsync("CloseInside", "CTRL_CLOSE_EVENT");

        // It is not killed: who lets the system go says so a moment later.
        var held = await child.HeldAsync(ConsoleEvent.Close);
        Assert.InRange(held ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await child.ExpectAsync("closed inside");
    }

    // The five seconds are real, and half of one is all that is left: a machine that stands still for so long takes it away. A limit that is wrong fails each time.
    private static async Task WithinTheLimitAsync(Func<Task> test)
    {
        const int Rounds = 3;
        for (var i = 1; ; i++)
        {
            try
            {
                await test();
                return;
            }
            catch (XunitException e) when (i < Rounds && e is not SkipException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"Round {i}: {e.Message}");
            }
        }
    }
}
