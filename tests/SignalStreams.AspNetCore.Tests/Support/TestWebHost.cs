using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.AspNetCore.Tests;

/// <summary>A web application with a real Kestrel in this process, on a hub of the test's own.</summary>
internal sealed class TestWebHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _slow;

    private TestWebHost(WebApplication app, TestSignalHub hub)
    {
        _app = app;
        Hub = hub;
        Shutdown = app.Services.GetRequiredService<HostShutdown>();
        app.MapReadiness("/readyz");
        app.MapHealthChecks("/healthz", new() { Predicate = check => !check.Tags.Contains("ready") });
        app.MapGet("/hello", () => "hello");
        app.MapPost("/hello", () => "posted");
        app.MapGet("/slow", async (HttpContext context) =>
        {
            Interlocked.Increment(ref _slow);
            await _finish.Task.WaitAsync(context.RequestAborted);
            return "slow";
        });
        app.MapGet("/until-draining", async (HttpContext context) =>
        {
            Interlocked.Increment(ref _slow);
            await Task.Delay(Timeout.Infinite, context.GetDrainingToken()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return "goodbye";
        });
    }

    public TestSignalHub Hub { get; }

    public HostShutdown Shutdown { get; }

    public IHostApplicationLifetime Application => _app.Lifetime;

    public RequestDrain Drain => _app.Services.GetRequiredService<RequestDrain>();

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>The main function.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Without the files and the variables of this machine.</summary>
    public static WebApplicationBuilder Builder(TestSignalHub hub, TimeSpan drainDelay)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(TestWebHost).Assembly.GetName().Name, EnvironmentName = "Testing" });
        builder.Services.AddRouting();
        builder.UseSignalStreams(options =>
        {
            options.Hub = hub.Hub;
            options.CheckBudget = false;
            options.DrainDelay = drainDelay;
        });
        builder.Services.AddRequestDraining();
        return builder;
    }

    public static async Task<TestWebHost> StartAsync(TimeSpan drainDelay = default, TimeProvider? time = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null)
    {
        var hub = new TestSignalHub(time);
        var builder = Builder(hub, drainDelay);
        build?.Invoke(builder);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var test = new TestWebHost(builder.Build(), hub);
        map?.Invoke(test._app);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test._app.Lifetime.ApplicationStarted.Register(started.SetResult);
        test.Running = test._app.RunAsync();
        await (await Task.WhenAny(started.Task, test.Running).WithLimit());
        test.Address = new Uri(test._app.Urls.Single());
        return test;
    }

    /// <summary>Waits until some requests hang in the slow endpoint.</summary>
    public Task UntilSlowAsync(int count) => Patience.UntilAsync(() => Volatile.Read(ref _slow) == count, string.Create(CultureInfo.InvariantCulture, $"{count} slow requests"));

    /// <summary>Lets the slow endpoint answer.</summary>
    public void Finish() => _finish.TrySetResult();

    /// <summary>Sends SIGTERM, and returns when the host knows.</summary>
    public async Task SignalAsync()
    {
        Hub.Raise(SIGTERM);
        await Patience.UntilAsync(() => Shutdown.DrainingToken.IsCancellationRequested, "the drain");
    }

    public Task UntilAsync(HostShutdownPhase phase) => Patience.UntilAsync(() => Shutdown.Phase == phase, phase.ToString());

    public async ValueTask DisposeAsync()
    {
        Finish();
        await _app.DisposeAsync();
        Hub.Dispose();
    }
}
