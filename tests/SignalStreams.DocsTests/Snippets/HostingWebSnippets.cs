using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class HostingWebSnippets : SnippetTests
{
    private readonly TestSignalHub _test = TestSignals.Install();

    [Fact]
    public async Task Web_application_that_drains()
    {
        string[] args = ["--urls=http://127.0.0.1:0"];
        #region Web_application_that_drains
        var builder = WebApplication.CreateBuilder(args);
        builder.UseSignalStreams(options => options.DrainDelay = TimeSpan.FromSeconds(5));
        builder.Services.AddRequestDraining();

        var app = builder.Build();
        app.MapReadiness("/readyz");
        app.MapHealthChecks("/healthz", new() { Predicate = check => !check.Tags.Contains("ready") });
        #endregion
        await app.StartAsync(TestToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal("ready", await client.GetStringAsync("/readyz", TestToken));
        Assert.Equal("Healthy", await client.GetStringAsync("/healthz", TestToken));
        await app.StopAsync(TestToken);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Long_request_says_goodbye()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Services.AddRequestDraining();
        var app = builder.Build();
        var arrived = new TaskCompletionSource();
        app.Use((context, next) =>
        {
            arrived.TrySetResult();
            return next(context);
        });
        #region Long_request_says_goodbye
        app.MapGet("/events", async (HttpContext context) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.GetDrainingToken(), context.RequestAborted);    // or the client leaves
            await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await context.Response.WriteAsync("event: goodbye\ndata: reconnect\n\n");
        });
        #endregion
        await app.StartAsync(TestToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var events = client.GetStringAsync("/events", TestToken);
        await arrived.Task.WithLimit();
        _test.Raise(SIGTERM);
        Assert.StartsWith("event: goodbye", await events.WithLimit(), StringComparison.Ordinal);
        await app.WaitForShutdownAsync(TestToken).WithLimit();
        await app.DisposeAsync();
    }
}
