using System.Diagnostics;
using System.Reflection;
using SignalStreams.Benchmarks.Rolling;

namespace SignalStreams.AspNetCore.Tests.Rolling;

/// <summary>The short form of the benchmark "rolling".</summary>
public sealed class RollingRestartTests
{
    private static readonly string Program =
        typeof(RollingRestartTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "HostProgram").Value!;

    [Fact]
    public async Task No_request_is_lost_when_instances_are_restarted_under_load()
    {
        Assert.SkipUnless(RollingRestart.Missing is null, RollingRestart.Missing ?? "");
        var result = await new RollingRestart(port => new ProcessStartInfo(Program, ["Web", $"port={port}", "drain=3000"])).RunAsync(restarts: 3, connections: 16);
        Assert.True(result.Requests > 1000, result.Report);
        Assert.True(result.Failed == 0, result.Report);
        Assert.Equal((0, 0), (result.FailedReads, result.FailedWrites));
    }

    [Fact]
    public void Failures_that_wrk_counts_are_found()
    {
        var result = RollingResult.Parse(1, """
            Running 1h test @ http://127.0.0.1:1/
              33724 requests in 2.10s, 4.41MB read
              Socket errors: connect 1, read 20, write 300, timeout 4000
              Non-2xx or 3xx responses: 7
            Requests/sec:  16047.92
            """, ["GET 502", "POST 502", "POST 504"]);
        Assert.Equal((33724L, 7L, 4321L, 4328L), (result.Requests, result.BadAnswers, result.SocketErrors, result.Failed));
        Assert.Equal((1, 2), (result.FailedReads, result.FailedWrites));
        Assert.Throws<InvalidOperationException>(() => RollingResult.Parse(1, "unable to connect", []));
    }
}
