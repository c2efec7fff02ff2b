using System.Globalization;
using System.Text;

namespace SignalStreams.WineTests;

/// <summary>The Windows suite. A test that needs another system skips itself there; the floors keep a suite that runs nothing from passing.</summary>
[Collection("One Wine at a time")]
public sealed class WindowsSuiteTests
{
    [Fact]
    public Task Portable_tests() => RunAsync("SignalStreams.Tests", floor: 580);

    [Fact]
    public Task Windows_tests_of_the_processes_package() => RunAsync("SignalStreams.Processes.Tests", floor: 200, "--filter-namespace", "*.Windows*");

    [Fact]
    public Task Windows_tests_of_the_tool() => RunAsync("SignalStreams.Tool.Tests", floor: 30, "--filter-namespace", "*.Windows*");

    [Fact]
    public Task Events_messages_and_controls_to_real_programs() => RunAsync("SignalStreams.WindowsTests", floor: 80);

    private static async Task RunAsync(string assembly, int floor, params string[] arguments)
    {
        var run = await WineRun.StartAsync(assembly, arguments);
        var (passed, failed, skipped) = (run.Results.Count(r => r.Passed), run.Results.Where(r => r.Failed).ToList(), run.Results.Count(r => r.Skipped));
        var counts = string.Create(CultureInfo.InvariantCulture, $"{assembly} under Wine: {passed} passed, {failed.Count} failed, {skipped} skipped");
        TestContext.Current.TestOutputHelper?.WriteLine(counts);
        await run.WriteCountsAsync(string.Create(CultureInfo.InvariantCulture, $"{passed} {failed.Count} {skipped}"));
        if (failed.Count > 0 || run.ExitCode != 0)
        {
            var text = new StringBuilder(counts).Append(CultureInfo.InvariantCulture, $", exit status {run.ExitCode}.");
            foreach (var failure in failed)
            {
                text.AppendLine().Append(failure.Name).Append(": ").Append(failure.Message);
            }

            Assert.Fail(failed.Count > 0 ? text.ToString() : text.AppendLine().Append(run.Output).ToString());
        }

        Assert.True(passed >= floor, $"{counts}; fewer than {floor} ran: a filter or a condition leaves out too much.");
    }
}
