using System.Globalization;
using System.Text.Json;

namespace SignalStreams.Tool.Tests;

public sealed class StopTests
{
    private const string Stubborn = "trap '' TERM INT; echo ready; while :; do read -t 1000 <> <(:); done";

    [Fact]
    public async Task Process_that_goes_when_asked_is_0_and_a_line_each()
    {
        using var sleep = ToolTests.Tool.StartOther("sleep", "1000");

        var end = await ToolTests.Tool.RunAsync("stop", Id(sleep.Id));

        Assert.Equal(0, end.Code);
        Assert.Contains($"process {sleep.Id}", end.Lines[0], StringComparison.Ordinal);
        Assert.Contains("SIGTERM", end.Lines[0], StringComparison.Ordinal);
        Assert.Contains("waiting for up to 4s", end.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("✔ ", end.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', end.Output);
        await sleep.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Process_that_had_gone_is_0()
    {
        using var gone = ToolTests.Tool.StartOther("true");
        await gone.AssertEndsAsync(0);

        var end = await ToolTests.Tool.RunAsync("stop", Id(gone.Id));

        Assert.Equal(0, end.Code);
        Assert.Contains("had ended before", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_that_had_to_be_killed_is_6()
    {
        using var stubborn = await StubbornAsync();

        var end = await ToolTests.Tool.RunAsync("stop", Id(stubborn.Id), "--timeout", "100ms");

        Assert.Equal(6, end.Code);
        Assert.Contains("SIGKILL", end.Lines[^1], StringComparison.Ordinal);
        await stubborn.AssertEndsAsync(SIGKILL);
    }

    [Fact]
    public async Task Process_that_outlives_the_plan_is_7()
    {
        using var stubborn = await StubbornAsync();

        var end = await ToolTests.Tool.RunAsync("stop", Id(stubborn.Id), "--plan", "TERM:100ms,INT:100ms");

        Assert.Equal(7, end.Code);
        Assert.Contains("still running", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_of_somebody_else_is_4()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Becoming another user needs root.");
        using var sleep = ToolTests.Tool.StartOther("sleep", "1000");

        var end = await ToolTests.Tool.RunOtherAsync(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ToolTests.Tool.Path, "stop", Id(sleep.Id), "--plan", "TERM:100ms,KILL:100ms");

        Assert.Equal(4, end.Code);
        Assert.Contains("not permitted", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_stopped_side_by_side_and_the_worst_counts()
    {
        using var sleep = ToolTests.Tool.StartOther("sleep", "1000");
        using var stubborn = await StubbornAsync();

        var end = await ToolTests.Tool.RunAsync("stop", Id(stubborn.Id), Id(sleep.Id), "--timeout", "200ms", "--quiet");

        Assert.Equal((6, "", ""), (end.Code, end.Output, end.Error));
        await sleep.AssertEndsAsync(SIGTERM);
        await stubborn.AssertEndsAsync(SIGKILL);
    }

    [Fact]
    public async Task Tree_is_stopped_with_its_descendants()
    {
        using var tree = ToolTests.Tool.StartOther("bash", "-c", "sleep 1000 & setsid sleep 1001 & echo ready; wait");
        await tree.ExpectAsync("ready");

        Assert.Equal(0, (await ToolTests.Tool.RunAsync("stop", Id(tree.Id), "--tree")).Code);
        // The output is at its end when nobody is left who holds it.
        await tree.WaitForExitAsync();
    }

    [Fact]
    public async Task Tree_that_this_command_is_in_is_refused()
    {
        var end = await ToolTests.Tool.RunOtherAsync("bash", "-c", "\"$0\" stop --tree $$ --plan TERM:1s; echo $?", ToolTests.Tool.Path);

        Assert.Equal("2\n", end.Output);
        Assert.Contains("this command descends from it", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_tells_steps_and_outcome()
    {
        using var sleep = ToolTests.Tool.StartOther("sleep", "1000");

        var end = await ToolTests.Tool.RunAsync("stop", Id(sleep.Id), "--json", "--signal", "INT");

        Assert.Equal(0, end.Code);
        using var step = JsonDocument.Parse(end.Lines[0]);
        Assert.Equal("step", step.RootElement.GetProperty("event").GetString());
        Assert.Equal("SIGINT", step.RootElement.GetProperty("signal").GetString());
        Assert.Equal(4000, step.RootElement.GetProperty("patienceMilliseconds").GetInt32());
        using var outcome = JsonDocument.Parse(end.Lines[^1]);
        Assert.Equal("outcome", outcome.RootElement.GetProperty("event").GetString());
        Assert.Equal("graceful", outcome.RootElement.GetProperty("result").GetString());
        Assert.Equal(sleep.Id, outcome.RootElement.GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Json_of_a_stop_that_needed_force_is_as_the_help_says()
    {
        using var stubborn = await StubbornAsync();

        var end = await ToolTests.Tool.RunAsync("stop", Id(stubborn.Id), "--json", "--plan", "TERM:100ms,KILL");

        Assert.Equal(6, end.Code);
        Assert.Equal(3, end.Lines.Length);
        using var first = JsonDocument.Parse(end.Lines[0]);
        using var second = JsonDocument.Parse(end.Lines[1]);
        using var outcome = JsonDocument.Parse(end.Lines[2]);
        Assert.All([first, second, outcome], line => Assert.Equal($"process {stubborn.Id} (bash)", line.RootElement.GetProperty("target").GetString()));
        Assert.Equal(
            ["event", "target", "pid", "step", "signal", "attempt", "patienceMilliseconds", "elapsedMilliseconds", "remaining", "failures"],
            first.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal((0, 1), (first.RootElement.GetProperty("step").GetInt32(), first.RootElement.GetProperty("attempt").GetInt32()));
        Assert.Equal((1, "SIGKILL"), (second.RootElement.GetProperty("step").GetInt32(), second.RootElement.GetProperty("signal").GetString()));
        var remaining = Assert.Single(first.RootElement.GetProperty("remaining").EnumerateArray());
        Assert.Equal((stubborn.Id, "bash"), (remaining.GetProperty("pid").GetInt32(), remaining.GetProperty("name").GetString()));
        Assert.Equal(
            ["event", "target", "pid", "result", "elapsedMilliseconds", "lastSignal", "exit", "remaining", "failures"],
            outcome.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("killed", "SIGKILL"), (outcome.RootElement.GetProperty("result").GetString(), outcome.RootElement.GetProperty("lastSignal").GetString()));
        Assert.Equal(0, outcome.RootElement.GetProperty("remaining").GetArrayLength());
        await stubborn.AssertEndsAsync(SIGKILL);
    }

    [Fact]
    public async Task Interrupt_goes_to_the_next_step()
    {
        using var stubborn = await StubbornAsync();
        using var stop = ToolTests.Tool.Start("stop", Id(stubborn.Id), "--plan", "TERM:1h,KILL");
        await stop.ExpectAsync(line => line.Contains("SIGTERM", StringComparison.Ordinal));

        stop.Send(SIGINT);

        await stop.AssertEndsAsync(6);
        await stubborn.AssertEndsAsync(SIGKILL);
    }

    [Fact]
    public async Task Interrupt_in_the_last_step_gives_up()
    {
        using var stubborn = await StubbornAsync();
        using var stop = ToolTests.Tool.Start("stop", Id(stubborn.Id), "--plan", "TERM:1h");
        await stop.ExpectAsync(line => line.Contains("SIGTERM", StringComparison.Ordinal));

        stop.Send(SIGINT);

        await stop.AssertEndsAsync(SIGINT);
        Assert.Contains("given up, still running", stop.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_shows_the_steps_and_who_is_running()
    {
        using var stubborn = await StubbornAsync();
        using var stop = ToolTests.Tool.StartOnTerminal(
            new Dictionary<string, string> { ["TERM"] = "xterm", ["NO_COLOR"] = "" }, "stop", Id(stubborn.Id), "--plan", "TERM:1h,KILL");
        await stop.UntilAsync(() => stop.Output.Contains("Ctrl-C goes to the next step", StringComparison.Ordinal) && stop.Output.Contains("(bash)", StringComparison.Ordinal), "draw its picture");

        stop.Type("\u0003");

        await stop.AssertEndsAsync(6);
        Assert.Contains("ended", stop.Output, StringComparison.Ordinal);
        // Whatever ends it, the cursor is there.
        Assert.DoesNotContain("\e[?25l", stop.Output, StringComparison.Ordinal);
    }

    private static async Task<ChildProcess> StubbornAsync()
    {
        var child = ToolTests.Tool.StartOther("bash", "-c", Stubborn);
        return await child.AfterAsync(started => started.ExpectAsync("ready"));
    }

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);
}
