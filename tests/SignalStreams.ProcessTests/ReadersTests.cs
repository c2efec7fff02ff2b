namespace SignalStreams.ProcessTests;

/// <summary>Signals that come while user code keeps the thread that would have taken them. It is the same with both sources.</summary>
public sealed class ReadersTests
{
    [Fact]
    public async Task Wait_on_the_thread_that_brought_a_signal_hears_the_next_one_also_when_no_other_thread_is_left()
    {
        using var child = await ChildProcess.StartReadyAsync("Readers", "wait-on-reader");
        child.Send(SIGUSR1);
        await child.ExpectAsync("listening");
        child.Send(SIGHUP);
        await child.ExpectAsync("cancelled");
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Two_signals_at_once_to_the_main_thread_are_both_heard_though_the_first_one_s_consumer_keeps_it()
    {
        using var child = await ChildProcess.StartReadyAsync("Readers", "run-with-blocked-consumer");
        child.Send(SIGSTOP);
        child.Send(SIGUSR1);
        child.Send(SIGUSR2);
        child.Send(SIGCONT);
        await child.ExpectAllAsync("free", "released");
        await child.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Run_returns_though_a_callback_waits_for_that()
    {
        using var child = await ChildProcess.StartReadyAsync("Readers", "run-with-blocked-callback");
        child.Send(SIGTERM);
        await child.ExpectAsync("over");
        await child.AssertEndsAsync(7);
    }
}
