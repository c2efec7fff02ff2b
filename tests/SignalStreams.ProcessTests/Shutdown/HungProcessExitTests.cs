namespace SignalStreams.ProcessTests.Shutdown;

/// <summary>A ProcessExit handler of somebody else's that never returns. The runtime gives it no limit; a shutdown that was asked for does: five seconds.</summary>
public sealed class HungProcessExitTests
{
    [Theory]
    [InlineData("process-exit-hangs p", "handler a")]
    [InlineData("handler a", "process-exit-hangs p")]
    public async Task ProcessExit_of_somebody_else_that_hangs_does_not_keep_the_process(params string[] order)
    {
        using var child = await MainChild.StartAsync(order);
        child.Send(SIGTERM);
        await child.ExpectAsync("ProcessExit p hangs");
        await child.AssertEndsAsync(SIGTERM, "a");
    }

    [Theory]
    [InlineData("process-exit-hangs p", "handler a")]
    [InlineData("handler a", "process-exit-hangs p")]
    public async Task Code_of_main_is_kept_though_a_ProcessExit_of_somebody_else_hangs(params string[] order)
    {
        using var child = await MainChild.StartAsync([.. order, "watch", "main wait-stopping", "main exit 7"]);
        child.Send(SIGTERM);
        await child.AssertEndsAsync(7, "a");
    }
}
