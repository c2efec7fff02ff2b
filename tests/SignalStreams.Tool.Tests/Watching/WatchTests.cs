using System.Text.Json;

namespace SignalStreams.Tool.Tests;

public sealed class WatchTests
{
    [Fact]
    public async Task Signals_are_printed_with_origin_and_value_until_the_second_interrupt()
    {
        using var watch = ToolTests.Tool.Start("watch");
        await watch.ExpectAsync("ready");
        Assert.Contains($"pid {watch.Id}", watch.Output, StringComparison.Ordinal);

        watch.Send(SIGHUP);
        await watch.ExpectAsync(line => line.Contains($"SIGHUP from pid {Environment.ProcessId} (", StringComparison.Ordinal));
        var realTime = ShutdownSignals.Parse("RTMIN+3");
        Assert.True(watch.Queue(realTime, 42));
        await watch.ExpectAsync(line => line.Contains("SIGRTMIN+3 from", StringComparison.Ordinal) && line.EndsWith("value 42", StringComparison.Ordinal));
        watch.Send(SIGINT);
        await watch.ExpectAsync(line => line.Contains("SIGINT from", StringComparison.Ordinal));
        watch.Send(SIGINT);
        await watch.AssertEndsAsync(0);
    }

    [Fact]
    public async Task Json_is_an_object_a_line_and_count_ends_it()
    {
        using var watch = ToolTests.Tool.Start("watch", "--json", "--count", "2", "usr1,TERM", "12");
        await watch.ExpectAsync("ready");
        watch.Send(SIGUSR2);
        var line = await watch.ExpectAsync(line => line.StartsWith('{'));
        watch.Send(SIGTERM);
        await watch.AssertEndsAsync(0);

        using var json = JsonDocument.Parse(line);
        Assert.Equal("SIGUSR2", json.RootElement.GetProperty("signal").GetString());
        Assert.Equal(12, json.RootElement.GetProperty("number").GetInt32());
        Assert.Equal(1, json.RootElement.GetProperty("sequence").GetInt32());
        Assert.Equal("process", json.RootElement.GetProperty("origin").GetProperty("kind").GetString());
        Assert.Equal(Environment.ProcessId, json.RootElement.GetProperty("origin").GetProperty("pid").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("value").ValueKind);
        Assert.True((DateTimeOffset.UtcNow - json.RootElement.GetProperty("time").GetDateTimeOffset()).Duration() < TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Signal_that_is_not_watched_does_what_it_does()
    {
        using var watch = ToolTests.Tool.Start("watch", "USR1");
        await watch.ExpectAsync("ready");
        watch.Send(SIGTERM);
        await watch.AssertEndsAsync(SIGTERM);
    }

    [Fact]
    public async Task Closed_output_ends_it()
    {
        var end = await ToolTests.Tool.RunOtherAsync("python3", "-c", """
            import subprocess, sys
            tool = subprocess.Popen([sys.argv[1], 'watch'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while tool.stderr.readline() != 'ready\n': pass
            tool.stdout.close()
            print(tool.wait(30))
            """, ToolTests.Tool.Path);

        Assert.Equal("0\n", end.Output);
    }
}
