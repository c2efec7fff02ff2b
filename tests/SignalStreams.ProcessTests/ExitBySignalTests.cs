namespace SignalStreams.ProcessTests;

public sealed class ExitBySignalTests
{
    [Theory]
    [InlineData("SIGHUP", "main")]
    [InlineData("SIGINT", "main")]
    [InlineData("SIGQUIT", "main")]
    [InlineData("SIGTERM", "main")]
    [InlineData("SIGKILL", "main")]
    [InlineData("SIGUSR1", "main")]
    [InlineData("SIGPIPE", "main")]
    [InlineData("SIGRTMIN+5", "main")]
    [InlineData("SIGTERM", "other")]
    [InlineData("SIGKILL", "other")]
    public async Task Parent_sees_the_signal_and_exit_handlers_have_run(string name, string thread)
    {
        using var child = ChildProcess.Start("ExitBySignal", name, thread);
        await child.ExpectNextAsync("ProcessExit");
        await child.AssertEndsAsync(ShutdownSignals.Parse(name));
    }

    [Fact]
    public async Task Inherited_ignore_does_not_hinder_it()
    {
        using var child = (ChildStart.Scenario("ExitBySignal", "SIGINT", "main") with { Prefix = ChildStart.Ignoring("INT") }).Run();
        await child.AssertEndsAsync(SIGINT);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_loop_of_a_shell_that_runs_the_program()
    {
        using var child = new ChildStart("bash", "-c", "while true; do \"$0\" ExitBySignal SIGINT main; echo again; done", ChildStart.TestProgram).Run();

        // The shell itself gets no Ctrl-C: without one it goes on, whatever its command died of.
        await child.ExpectAsync("again");
        child.SendToGroup(SIGINT);
        await child.AssertEndsAsync(SIGINT);
    }
}
