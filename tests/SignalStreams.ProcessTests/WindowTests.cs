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
        for (var i = 0; i < Shots; i++)
        {
            using var child = await ChildProcess.StartReadyAsync("OpenClose", name);
            child.Send(signal);
            var status = await child.WaitForExitAsync();
            if (status != ExitStatus.Of(signal))
            {
                await child.ExpectNextAsync(name);
                await child.AssertEndsAsync(0);
            }
        }
    }
}
