using System.Globalization;

namespace SignalStreams.Tool.Tests;

public sealed class SendTests
{
    [Fact]
    public async Task Signal_arrives_with_its_value()
    {
        using var watch = ToolTests.Tool.Start("watch");
        await watch.ExpectAsync("ready");

        var end = await ToolTests.Tool.RunAsync("send", "RTMIN+1", Id(watch.Id), "--value", "7");

        Assert.Equal((0, "", ""), (end.Code, end.Output, end.Error));
        await watch.ExpectAsync(line => line.Contains("SIGRTMIN+1 from", StringComparison.Ordinal) && line.EndsWith("value 7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Group_gets_it_whole()
    {
        using var group = ToolTests.Tool.StartOther("bash", "-c", "sleep 1000 & sleep 1000 & echo ready; wait; wait");
        await group.ExpectAsync("ready");

        Assert.Equal(0, (await ToolTests.Tool.RunAsync("send", "kill", "--group", Id(group.Id))).Code);
        await group.AssertEndsAsync(SIGKILL);
    }

    [Fact]
    public async Task Process_that_is_gone_is_3_and_hinders_no_other()
    {
        using var gone = ToolTests.Tool.StartOther("true");
        await gone.AssertEndsAsync(0);
        using var sleep = ToolTests.Tool.StartOther("sleep", "1000");

        var end = await ToolTests.Tool.RunAsync("send", "TERM", Id(gone.Id), Id(sleep.Id));

        Assert.Equal(3, end.Code);
        Assert.Contains($"SIGTERM to process {gone.Id}: gone", end.Error, StringComparison.Ordinal);
        await sleep.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Process_of_somebody_else_is_4()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Becoming another user needs root.");
        using var sleep = ToolTests.Tool.StartOther("sleep", "1000");

        var end = await ToolTests.Tool.RunOtherAsync("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ToolTests.Tool.Path, "send", "TERM", Id(sleep.Id));

        Assert.Equal((4, ""), (end.Code, end.Output));
        Assert.Contains("not permitted", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_names_every_signal_with_its_number()
    {
        var end = await ToolTests.Tool.RunAsync("send", "--list");

        Assert.Equal(0, end.Code);
        Assert.Contains(" 9 SIGKILL", end.Lines);
        Assert.Contains("64 SIGRTMIN+30", end.Lines);
        Assert.Equal(end.Lines.Length, end.Lines.Distinct().Count());
    }

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);
}
