namespace SignalStreams.ProcessTests;

public sealed class SaturatedPoolTests
{
    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGQUIT")]
    public async Task Terminating_signals_reach_loop_token_and_wait_while_no_thread_of_the_pool_is_free(string first)
    {
        using var child = await ChildProcess.StartReadyAsync("SaturatedPool");
        child.Send(ShutdownSignals.Parse(first));
        await child.ExpectAllAsync($"loop {first}", $"token {first}", $"wait {first}");

        child.Send(SIGHUP);
        if (Backend.IsNative)
        {
            await child.ExpectAsync("loop SIGHUP");
            await child.AssertEndsAsync(0);
            return;
        }

        // The runtime sends that one through the pool: it may have to wait, and must not be lost.
        child.Send(SIGTERM);
        await child.ExpectAllAsync("loop SIGTERM", "released", "loop SIGHUP");
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task SIGTERM_reaches_loop_token_and_wait_while_no_thread_of_the_pool_is_free()
    {
        using var child = await ChildProcess.StartReadyAsync("SaturatedPool");
        child.Send(SIGTERM);
        await child.ExpectAllAsync("loop SIGTERM", "token SIGTERM", "wait SIGTERM", "released");
        child.Send(SIGHUP);
        await child.AssertEndsAsync(0);
    }
}
