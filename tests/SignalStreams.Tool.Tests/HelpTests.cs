using System.Diagnostics;
using System.Reflection;

namespace SignalStreams.Tool.Tests;

public sealed class HelpTests
{
    private static readonly string Tool = typeof(HelpTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Tool").Value!;

    [Fact]
    public async Task Help_says_what_the_command_is_for()
    {
        using var process = Process.Start(new ProcessStartInfo(Tool, "--help") { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("signals", text, StringComparison.Ordinal);
    }
}
