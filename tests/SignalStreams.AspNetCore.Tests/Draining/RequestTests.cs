using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.AspNetCore.Tests.Draining;

public sealed class RequestTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Answer_during_the_drain_asks_the_client_to_close()
    {
        await using var test = await TestWebHost.StartAsync(Delay, new ManualTime());
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await client.AskAsync("/hello");
        Assert.DoesNotContain("Connection: close", await client.ReadToAsync("hello"), StringComparison.OrdinalIgnoreCase);

        await test.SignalAsync();
        await client.AskAsync("/hello");
        Assert.Contains("Connection: close", await client.ReadToAsync("hello"), StringComparison.OrdinalIgnoreCase);
        await client.DrainAsync();
    }

    [Fact]
    public async Task Answer_to_a_request_from_before_the_signal_asks_the_client_to_close()
    {
        await using var test = await TestWebHost.StartAsync(Delay, new ManualTime());
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await client.AskAsync("/slow");
        await test.UntilSlowAsync(1);
        await test.SignalAsync();
        test.Finish();
        Assert.Contains("Connection: close", await client.ReadToAsync("slow"), StringComparison.OrdinalIgnoreCase);
        await client.DrainAsync();
    }

    [Fact]
    public async Task Connection_is_kept_where_the_option_is_off()
    {
        await using var test = await TestWebHost.StartAsync(Delay, new ManualTime(), builder => builder.Services.AddRequestDraining(options => options.CloseConnections = false));
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await test.SignalAsync();
        for (var i = 0; i < 2; i++)
        {
            await client.AskAsync("/hello");
            Assert.DoesNotContain("Connection: close", await client.ReadToAsync("hello"), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Request_in_flight_gets_its_answer_after_the_server_has_stopped_accepting()
    {
        await using var test = await TestWebHost.StartAsync(build: Patient);
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        using var second = await KeepAliveClient.ConnectAsync(test.Address);
        Assert.Null(test.Drain.Status);
        await client.AskAsync("/slow");
        await test.UntilSlowAsync(1);
        Assert.Equal("1 request left", test.Drain.Status);
        await second.AskAsync("/slow");
        await test.UntilSlowAsync(2);
        Assert.Equal("2 requests left", test.Drain.Status);

        await test.SignalAsync();
        await Patience.UntilAsync(() => !CanConnect(test.Address), "new connections to be refused");
        Assert.False(test.Running.IsCompleted);
        test.Finish();
        Assert.StartsWith("HTTP/1.1 200", await client.ReadToAsync("slow"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await second.ReadToAsync("slow"), StringComparison.Ordinal);
        await test.Running.WithLimit();
        var entry = Assert.Single(test.Shutdown.Timeline.Entries, entry => entry.Name == "requests in flight");
        Assert.Equal(TimelineOutcome.Done, entry.Outcome);
        Assert.DoesNotContain(test.Shutdown.Timeline.Entries, entry => entry.Outcome == TimelineOutcome.GivenUp);
    }

    // The stop has begun, and the server has not heard of it yet.
    [Fact]
    public async Task Request_that_comes_when_none_was_in_flight_and_the_stop_has_begun_gets_its_answer()
    {
        var gate = new StoppingGate();
        await using var test = await TestWebHost.StartAsync(build: builder =>
        {
            Patient(builder);
            gate.Add(builder.Services);
        });
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await test.SignalAsync();
        await gate.Reached.WithLimit();
        await client.AskAsync("/slow");
        await test.UntilSlowAsync(1);
        gate.Open();
        await Patience.UntilAsync(() => !CanConnect(test.Address), "new connections to be refused");
        Assert.Equal("1 request left", test.Drain.Status);
        Assert.False(test.Running.IsCompleted);
        test.Finish();
        Assert.StartsWith("HTTP/1.1 200", await client.ReadToAsync("slow"), StringComparison.Ordinal);
        await test.Running.WithLimit();
    }

    [Fact]
    public async Task Request_that_comes_when_the_stop_has_begun_and_outlasts_the_limit_is_named()
    {
        var gate = new StoppingGate();
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var test = await TestWebHost.StartAsync(
            build: builder =>
            {
                builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
                gate.Add(builder.Services);
            },
            map: app => app.MapGet("/deaf", async () =>
            {
                asked.TrySetResult();
                await never.Task;
            }));
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await test.SignalAsync();
        await gate.Reached.WithLimit();
        await client.AskAsync("/deaf");
        await asked.Task.WithLimit();
        gate.Open();
        await Patience.UntilAsync(() => test.Shutdown.Timeline.Entries.Any(entry => entry is { Name: "GET /deaf", Outcome: TimelineOutcome.GivenUp }), "the request to be named");
        never.SetResult();
        await test.Running.WithLimit();
    }

    [Fact]
    public async Task Second_signal_ends_the_delay()
    {
        // A clock that nobody advances: only the signal ends it.
        var time = new ManualTime();
        await using var test = await TestWebHost.StartAsync(Delay, time);
        await test.SignalAsync();
        await Patience.UntilAsync(() => time.Timers == 1, "the drain delay");
        test.Hub.Raise(SIGINT);
        time.Advance(TimeSpan.FromMilliseconds(200));
        test.Hub.Raise(SIGINT);
        await test.Running.WithLimit();
    }

    [Fact]
    public async Task Requests_that_outlast_the_limit_are_named()
    {
        await using var test = await TestWebHost.StartAsync(build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2)));
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        using var second = await KeepAliveClient.ConnectAsync(test.Address);
        await client.AskAsync("/slow?secret=1");
        await second.AskAsync("/slow?secret=2");
        await test.UntilSlowAsync(2);
        await test.SignalAsync();
        await test.Running.WithLimit();
        var givenUp = test.Shutdown.Timeline.Entries.Where(entry => entry.Outcome == TimelineOutcome.GivenUp).Select(entry => entry.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["GET /slow (2 times)", "requests in flight"], givenUp);
        Assert.True(test.Shutdown.Timeline.Entries.Single(entry => entry.Name.StartsWith("GET", StringComparison.Ordinal)).Duration >= TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Second_signal_gives_up_what_is_in_flight_and_names_it()
    {
        var time = new ManualTime();
        await using var test = await TestWebHost.StartAsync(time: time, build: Patient);
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await client.AskAsync("/slow");
        await test.UntilSlowAsync(1);
        await test.SignalAsync();
        await test.UntilAsync(HostShutdownPhase.Stopping);
        time.Advance(TimeSpan.FromMilliseconds(200));
        test.Hub.Raise(SIGTERM);
        await test.Running.WithLimit();
        Assert.Contains(test.Shutdown.Timeline.Entries, entry => entry is { Name: "GET /slow", Outcome: TimelineOutcome.GivenUp });
    }

    [Fact]
    public async Task Paths_that_are_all_different_do_not_fill_the_timeline()
    {
        const int Count = 30;
        await using var test = await TestWebHost.StartAsync(
            build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(300)),
            map: app => app.MapGet("/stuck/{id}", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        var clients = new List<KeepAliveClient>();
        for (var i = 0; i < Count; i++)
        {
            clients.Add(await KeepAliveClient.ConnectAsync(test.Address));
            await clients[i].AskAsync($"/stuck/{i}");
        }

        await Patience.UntilAsync(() => test.Drain.Count == Count, "the requests");
        await test.SignalAsync();
        await test.Running.WithLimit();
        var givenUp = test.Shutdown.Timeline.Entries.Where(entry => entry.Outcome == TimelineOutcome.GivenUp).Select(entry => entry.Name).ToArray();
        Assert.Equal(22, givenUp.Length);
        Assert.Contains("other requests (10 times)", givenUp);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Long_request_learns_of_the_end()
    {
        await using var test = await TestWebHost.StartAsync(Delay, new ManualTime());
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await client.AskAsync("/until-draining");
        await test.UntilSlowAsync(1);
        await test.SignalAsync();
        await client.ReadToAsync("goodbye");
    }

    [Fact]
    public async Task WebSocket_can_be_opened_during_the_drain_and_is_told_of_it()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var test = await TestWebHost.StartAsync(Delay, new ManualTime(), map: app => app.UseWebSockets().Use(async (context, next) =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                await next(context);
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await Task.Delay(Timeout.Infinite, context.GetDrainingToken()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "draining", CancellationToken.None);
        }));
        await test.SignalAsync();
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(test.Address) { Scheme = "ws" }.Uri, CancellationToken.None).WithLimit();
        var message = await client.ReceiveAsync(new byte[16], CancellationToken.None).WithLimit();
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), (message.MessageType, message.CloseStatus));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WithLimit();
    }

    [Fact]
    public async Task Answer_by_HTTP_2_has_no_header_that_it_may_not_have()
    {
        await using var test = await TestWebHost.StartAsync(
            Delay, new ManualTime(), builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        using var client = new HttpClient { BaseAddress = test.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await test.SignalAsync();
        using var answer = await client.GetAsync("/hello").WithLimit();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(answer.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Failing_request_is_counted_out()
    {
        await using var test = await TestWebHost.StartAsync(map: app =>
        {
            app.MapGet("/throws", new RequestDelegate(_ => throw new InvalidOperationException()));
            app.MapGet("/fails", async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException();
            });
        });
        using var client = new HttpClient { BaseAddress = test.Address };
        foreach (var path in new[] { "/throws", "/fails" })
        {
            using var answer = await client.GetAsync(path).WithLimit();
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        }

        await Patience.UntilAsync(() => test.Drain.Count == 0, "none to be left");
    }

    [Fact]
    public async Task Registration_twice_counts_once_and_the_last_option_wins()
    {
        await using var test = await TestWebHost.StartAsync(build: builder =>
        {
            builder.Services.AddRequestDraining(options => options.CloseConnections = false);
            builder.Services.AddRequestDraining(options => options.CloseConnections = true);
            Assert.Single(builder.Services, service => service.ServiceType == typeof(IStartupFilter) && service.ImplementationType == typeof(RequestDrainingStartupFilter));
            Assert.Single(builder.Services, service => service.ServiceType == typeof(IDrainStatus));
            Patient(builder);
        });
        using var client = await KeepAliveClient.ConnectAsync(test.Address);
        await client.AskAsync("/slow");
        await test.UntilSlowAsync(1);
        Assert.Equal(1, test.Drain.Count);
        test.Finish();
        await client.ReadToAsync("slow");
    }

    internal static void Patient(WebApplicationBuilder builder) => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(5));

    private static bool CanConnect(Uri address)
    {
        try
        {
            using var connection = new TcpClient(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
