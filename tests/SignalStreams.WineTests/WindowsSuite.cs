using System.Globalization;
using System.Text;

namespace SignalStreams.WineTests;

/// <summary>One assembly of the Windows suite, whose failures are the failure of the test that asks.</summary>
internal static class WindowsSuite
{
    // Of one process in about two thousand Wine 8 loses a descriptor while it starts ("wine client error: sendmsg: Bad file descriptor"), whoever starts it, and
    // CreateProcess answers ERROR_INTERNAL_ERROR, which Windows does not. It reaches a test in words, or as windowschild.c tells it.
    private static readonly string[] LostStart = ["Internal error.", "refused 1359"];

    // More are something else.
    private const int MaxLostStarts = 3;

    /// <summary>Runs an assembly. A test that needs another system skips itself there.</summary>
    /// <param name="assembly">Its name.</param>
    /// <param name="floor">How many have to pass at least: a suite that runs nothing is no success.</param>
    /// <param name="arguments">Of the runner.</param>
    public static async Task RunAsync(string assembly, int floor, params string[] arguments)
    {
        var run = await WineRun.StartAsync(assembly, arguments);
        var lost = run.Results.Where(r => r.Failed && LostStart.Any(words => r.Message.Contains(words, StringComparison.Ordinal))).ToList();
        if (lost.Count is > 0 and <= MaxLostStarts && run.HasRunToItsEnd)
        {
            string[] tests = [.. lost.Select(r => r.Name)];
            TestContext.Current.TestOutputHelper?.WriteLine($"Wine lost a process of {string.Join(", ", tests)}: run once more.");
            run = run.With(await WineRun.StartAsync(assembly, lost.Select(r => r.Method).Distinct().SelectMany(method => (string[])["--filter-method", method])), tests);
        }

        var (passed, failed, skipped) = (run.Results.Count(r => r.Passed), run.Results.Where(r => r.Failed).ToList(), run.Results.Count(r => r.Skipped));
        var counts = string.Create(CultureInfo.InvariantCulture, $"{assembly} under Wine: {passed} passed, {failed.Count} failed, {skipped} skipped");
        TestContext.Current.TestOutputHelper?.WriteLine(counts);
        await run.WriteCountsAsync(string.Create(CultureInfo.InvariantCulture, $"{passed} {failed.Count} {skipped}"));
        if (failed.Count > 0 || run.ExitCode != 0)
        {
            var text = new StringBuilder(counts).Append(CultureInfo.InvariantCulture, $", exit status {run.ExitCode}.");
            foreach (var failure in failed)
            {
                text.AppendLine().Append(failure.Name).Append(": ").AppendLine(failure.Message).Append(failure.StackTrace);
            }

            Assert.Fail(failed.Count > 0 ? text.ToString() : text.AppendLine().Append(run.Output).ToString());
        }

        Assert.True(passed >= floor, $"{counts}; fewer than {floor} ran: a filter or a condition leaves out too much.");
    }
}
