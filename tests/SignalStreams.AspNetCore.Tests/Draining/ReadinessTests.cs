using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.AspNetCore.Tests.Draining;

public sealed class ReadinessTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Readiness_turns_at_the_signal_while_requests_are_answered()
    {
        var time = new ManualTime();
        await using var test = await TestWebHost.StartAsync(Delay, time);
        using var client = new HttpClient { BaseAddress = test.Address };
        Assert.Equal((HttpStatusCode.OK, "ready"), await GetAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(client, "/healthz"));

        await test.SignalAsync();
        await Patience.UntilAsync(() => time.Timers == 1, "the drain delay");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await GetAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(client, "/healthz"));
        Assert.Equal((HttpStatusCode.OK, "hello"), await GetAsync(client, "/hello"));
        Assert.False(test.Running.IsCompleted);

        time.Advance(Delay);
        await test.Running.WithLimit();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/hello"));
        Assert.Empty(test.Hub.Listeners);
    }

    [Fact]
    public async Task Check_says_how_far_the_stop_is_and_why()
    {
        await using var test = await TestWebHost.StartAsync(build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(5)));
        var check = new ReadinessHealthCheck(test.Shutdown, test.Application);
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("x", check, HealthStatus.Unhealthy, []) };
        var result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, result.Status);

        await test.SignalAsync();
        await test.Running.WithLimit();
        result = await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal(("Stopped", "SIGTERM from test"), (result.Data["phase"], result.Data["reason"]));
        Assert.Equal("stopping because of SIGTERM from test", result.Description);
    }

    [Fact]
    public async Task Readiness_turns_when_the_program_stops_the_host_though_callbacks_of_its_own_take_their_time()
    {
        await using var test = await TestWebHost.StartAsync();
        using var client = new HttpClient { BaseAddress = test.Address };
        using var goOn = new ManualResetEventSlim();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Application.ApplicationStopping.Register(() =>
        {
            called.SetResult();
            goOn.Wait(TimeSpan.FromSeconds(30));
        });
        var stopping = Task.Run(test.Application.StopApplication, CancellationToken.None);
        try
        {
            await called.Task.WithLimit();
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), await GetAsync(client, "/readyz"));
        }
        finally
        {
            goOn.Set();
        }

        await stopping.WithLimit();
        await test.Running.WithLimit();
    }

    [Fact]
    public async Task Another_check_with_the_tag_makes_it_unready_and_one_without_does_not()
    {
        await using var test = await TestWebHost.StartAsync(build: builder => builder.Services.AddHealthChecks()
            .AddCheck("database", () => HealthCheckResult.Unhealthy("secret"), ["ready"]));
        using var client = new HttpClient { BaseAddress = test.Address };
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unready"), await GetAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(client, "/healthz"));

        await using var other = await TestWebHost.StartAsync(build: builder => builder.Services.AddHealthChecks().AddCheck("deadlock", () => HealthCheckResult.Unhealthy()));
        using var second = new HttpClient { BaseAddress = other.Address };
        Assert.Equal((HttpStatusCode.OK, "ready"), await GetAsync(second, "/readyz"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await GetAsync(second, "/healthz"));
    }

    [Fact]
    public void Endpoint_without_the_check_is_refused()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        using IDisposable app = builder.Build();
        Assert.Contains("AddRequestDraining", Assert.Throws<InvalidOperationException>(() => ((WebApplication)app).MapReadiness()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_without_the_services_is_refused()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        Assert.Contains("UseSignalStreams", Assert.Throws<InvalidOperationException>(() => context.GetDrainingToken()).Message, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path).WithLimit();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync().WithLimit());
    }
}
