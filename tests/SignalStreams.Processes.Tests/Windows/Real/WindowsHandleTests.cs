using System.Globalization;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>Counts handles of the whole process, so nothing else may run.</summary>
[Collection(nameof(ChildrenAlone))]
public sealed class WindowsHandleTests
{
    public WindowsHandleTests() => WindowsPrograms.Require();

    [Fact]
    public async Task Cycles_leave_no_handle_behind()
    {
        // More, by the variable, where somebody has the time.
        const int PerRound = 10;
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("SIGNALSTREAMS_TEST_CYCLES"), CultureInfo.InvariantCulture, out var given) ? given / PerRound : 6;
        var counts = new List<int>();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < PerRound; i++)
            {
                if (i == 0)
                {
                    await using var stopped = await WindowsPrograms.StartReadyAsync("plain");
                    var stop = await stopped.StopAsync(StopPlan.Send(SIGINT, WindowsPrograms.Limit));
                    Assert.True(stop.IsGone, stop.ToString());
                }
                else
                {
                    Assert.Equal(0, (await SupervisedProcess.RunAsync(WindowsPrograms.Info("exit", "0"), _ => { })).Code);
                }
            }

            // What is released is released on the pool.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            counts.Add(WindowsSystem.Handles());
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', counts));
        Assert.True(counts[^1] - counts[rounds / 2] < PerRound, string.Join(' ', counts));
    }
}
