using System.Diagnostics;

namespace SignalStreams.ProcessTests;

public sealed class FirstMillisecondTests
{
    private const int Starts = 200;
    private const int AtOnce = 4;

    [Fact]
    public async Task Signal_at_the_start_of_the_program_ends_it_or_arrives()
    {
        var clock = Stopwatch.StartNew();
        using (var child = await ChildProcess.StartReadyAsync("AwaitForeach", "SIGTERM"))
        {
            clock.Stop();
            child.Send(SIGTERM);
            await child.AssertEndsAsync(0);
        }

        // The signals are spread from the first moment to some time after the usual one at which the receiver opens.
        var outcomes = new List<string>();
        var spread = clock.Elapsed * AtOnce;
        foreach (var batch in Enumerable.Range(0, Starts).Chunk(AtOnce))
        {
            outcomes.AddRange(await Task.WhenAll(batch.Select(i => SendAfterAsync(spread * i / Starts))));
        }

        Assert.Equal(Starts, outcomes.Count);
        Assert.Contains("died", outcomes);
        Assert.Contains("received", outcomes);
    }

    private static async Task<string> SendAfterAsync(TimeSpan delay)
    {
        using var child = ChildProcess.Start("AwaitForeach", "SIGTERM");

        // This waits for nothing: the moment itself is what is tried out.
        await Task.Delay(delay, TestContext.Current.CancellationToken);
        child.Send(SIGTERM);
        var status = await child.WaitForExitAsync();
        if (status == ExitStatus.Of(SIGTERM))
        {
            return "died";
        }

        Assert.Equal(ExitStatus.Of(0), status);
        await child.ExpectAsync("SIGTERM");
        return "received";
    }
}
