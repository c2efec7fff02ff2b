namespace SignalStreams.ProcessTests;

public sealed class WindowTests
{
    private const int Shots = 40;

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGHUP")]
    public async Task Signal_between_two_receivers_ends_the_process_or_arrives_and_is_never_swallowed(string name)
    {
        var signal = ShutdownSignals.Parse(name);
        var outcomes = new Outcomes();
        while (outcomes.NeedMore(Shots))
        {
            using var child = await ChildProcess.StartReadyAsync("OpenClose", name);
            child.Send(signal);
            var status = await child.WaitForExitAsync();
            outcomes.Add(hasDied: status == ExitStatus.Of(signal));
            if (status != ExitStatus.Of(signal))
            {
                await child.ExpectNextAsync(name);
                await child.AssertEndsAsync(0);
            }
        }

        outcomes.AssertBothSeen();
    }
}
