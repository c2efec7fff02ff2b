namespace SignalStreams.ProcessTests.Stress;

/// <summary>Signals at random moments to a program that hands over from one listener to the next.</summary>
public sealed class HandoverTests
{
    [Theory]
    [InlineData("receivers", "SIGHUP")]
    [InlineData("receivers", "SIGTERM")]
    [InlineData("tokens", "SIGTERM")]
    public async Task Signal_reaches_one_of_two_listeners_that_overlap(string what, string signal)
    {
        const int Shots = 500;
        using var child = await ChildProcess.StartReadyAsync("StressHandover", what, signal);
        for (var i = 0; i < Shots; i++)
        {
            child.Send(ShutdownSignals.Parse(signal));
            await child.ExpectNextAsync("got");
        }
    }

    [Fact]
    public async Task Signal_between_two_token_sources_cancels_one_or_ends_the_process()
    {
        const int Shots = 30;
        var outcomes = new Outcomes();
        while (outcomes.NeedMore(Shots))
        {
            using var child = await ChildProcess.StartReadyAsync("StressHandover", "tokens-apart", "SIGTERM");
            await Task.Delay(TimeSpan.FromMicroseconds(Random.Shared.Next(2000)), TestContext.Current.CancellationToken);
            child.Send(SIGTERM);
            var status = await child.WaitForExitAsync();
            outcomes.Add(hasDied: status == ExitStatus.Of(SIGTERM));
            if (status != ExitStatus.Of(SIGTERM))
            {
                await child.ExpectNextAsync("got");
                await child.AssertEndsAsync(0);
            }
        }

        outcomes.AssertBothSeen();
    }
}
