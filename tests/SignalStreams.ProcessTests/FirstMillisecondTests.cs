using System.Diagnostics;

namespace SignalStreams.ProcessTests;

public sealed class FirstMillisecondTests
{
    private const int Starts = 200;
    private const int AtOnce = 4;
    private const double LatestMilliseconds = 500;

    [Fact]
    public async Task Signal_at_the_start_of_the_program_ends_it_or_arrives()
    {
        var clock = Stopwatch.StartNew();
        using (var child = await ChildProcess.StartReadyAsync("AwaitForeach", "SIGTERM"))
        {
            clock.Stop();
            child.Send(SIGTERM);
            await child.ExpectAsync("SIGTERM");
            await child.AssertEndsAsync(0);
        }

        // The moments are spread from the first to about the one at which the receiver opens, before and after.
        var spread = TimeSpan.FromMilliseconds(Math.Min(clock.Elapsed.TotalMilliseconds * 1.5, LatestMilliseconds));
        var outcomes = new Outcomes();
        foreach (var batch in Enumerable.Range(0, Starts).Chunk(AtOnce))
        {
            foreach (var status in await Task.WhenAll(batch.Select(i => SendAfterAsync(spread * i / Starts))))
            {
                outcomes.Add(hasDied: status == ExitStatus.Of(SIGTERM));
            }
        }

        // The first are sent at once; where even the last came before the receiver opened, the machine has become slower since the one that was timed.
        for (var delay = spread; !outcomes.AreBothSeen && delay < ChildProcess.Limit; delay *= 2)
        {
            outcomes.Add(hasDied: await SendAfterAsync(delay) == ExitStatus.Of(SIGTERM));
        }

        outcomes.AssertBothSeen();
    }

    private static async Task<ExitStatus> SendAfterAsync(TimeSpan delay)
    {
        using var child = ChildProcess.Start("AwaitForeach", "SIGTERM");

        // This waits for nothing: the moment itself is what is tried out.
        await Task.Delay(delay, TestContext.Current.CancellationToken);
        child.Send(SIGTERM);
        var status = await child.WaitForExitAsync();
        if (status != ExitStatus.Of(SIGTERM))
        {
            await child.ExpectAsync("SIGTERM");
            await child.AssertEndsAsync(0);
        }

        return status;
    }
}
