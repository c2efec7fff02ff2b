using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SignalStreams.Hosting.Tests;

namespace SignalStreams.AspNetCore.Tests.Draining;

public sealed class ParallelHostTests
{
    [Fact]
    public async Task Signal_of_one_host_leaves_the_others_ready()
    {
        await using var first = await TestWebHost.StartAsync(TimeSpan.FromSeconds(10), new ManualTime());
        await using var second = await TestWebHost.StartAsync(TimeSpan.FromSeconds(10), new ManualTime());
        using var client = new HttpClient();
        using var slow = await KeepAliveClient.ConnectAsync(first.Address);
        await slow.AskAsync("/slow");
        await first.UntilSlowAsync(1);
        Assert.Equal((1, 0), (first.Drain.Count, second.Drain.Count));
        await first.SignalAsync();
        Assert.Equal("draining", await TextAsync(client, new Uri(first.Address, "/readyz")));
        Assert.Equal("ready", await TextAsync(client, new Uri(second.Address, "/readyz")));
        Assert.Equal(HostShutdownPhase.Running, second.Shutdown.Phase);
    }

    // As WebApplicationFactory makes them: a server without sockets, whose lifetime is the test's.
    [Fact]
    public async Task Test_servers_side_by_side_claim_no_signal_and_know_nothing_of_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var hub = new TestSignalHub();
            var builder = TestWebHost.Builder(hub, TimeSpan.FromMinutes(10));
            using var log = new LogRecorder();
            builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log);
            builder.WebHost.UseTestServer();
            await using var app = builder.Build();
            app.MapReadiness();
            await app.StartAsync();
            using var client = app.GetTestClient();
            Assert.Equal("ready", await TextAsync(client, new Uri("/readyz", UriKind.Relative)));
            Assert.Empty(hub.Listeners);

            var shutdown = app.Services.GetRequiredService<HostShutdown>();
            await app.StopAsync().WithLimit();
            Assert.Equal(HostShutdownPhase.Stopped, shutdown.Phase);
            Assert.Null(hub.Ended);

            // It is as the test wants it: no reason to warn of it.
            Assert.DoesNotContain(log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
            Assert.True(log.Has("Signals do not reach this host: it has a test server, and NoopHostLifetime for its lifetime"));
        })).WithLimit();
    }

    private static async Task<string> TextAsync(HttpClient client, Uri address)
    {
        using var answer = await client.GetAsync(address).WithLimit();
        return await answer.Content.ReadAsStringAsync().WithLimit();
    }
}
