// A whole service: requests, a worker, a setting that SIGHUP reloads, and an end that loses neither a request nor a job.
// docs/hosting.md explains it. Beside it are a systemd unit, a container file and a Kubernetes manifest.
#:sdk Microsoft.NET.Sdk.Web
#:project ../../../src/SignalStreams.AspNetCore/SignalStreams.AspNetCore.csproj
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using SignalStreams;

var builder = WebApplication.CreateBuilder(args);

// Read at the start and at SIGHUP, and not whenever somebody saves it.
builder.Configuration.AddJsonFile(builder.Configuration["Settings"] ?? Path.Combine(AppContext.BaseDirectory, "service.json"), optional: true, reloadOnChange: false);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddOptions<Greeting>().BindConfiguration("Greeting").Validate(greeting => greeting.Text.Length > 0, "Greeting:Text must not be empty").ValidateOnStart();

builder.UseSignalStreams(options =>
{
    options.DrainDelay = builder.Configuration.GetValue("Shutdown:DrainDelay", TimeSpan.Zero);
    options.ValidateReload<Greeting>("Greeting");
});
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = builder.Configuration.GetValue("Shutdown:Timeout", TimeSpan.FromSeconds(20)));
builder.Services.AddRequestDraining();
builder.Services.AddSingleton<JobQueue>();
builder.Services.AddHostedService<Worker>();

var app = builder.Build();
app.MapReadiness("/readyz");
app.MapHealthChecks("/healthz", new() { Predicate = check => !check.Tags.Contains("ready") });
app.MapGet("/hello", (IOptionsMonitor<Greeting> greeting) => greeting.CurrentValue.Text);
app.MapPost("/hello", async (IOptionsMonitor<Greeting> greeting, HttpContext context) => $"{greeting.CurrentValue.Text}, {await ReadAsync(context)}");

app.MapPost("/jobs", async (JobQueue queue, HttpContext context) =>
{
    await queue.Jobs.Writer.WriteAsync(await ReadAsync(context), context.RequestAborted);
    return Results.Accepted();
});

// A request that would never end, and says goodbye when the service drains.
app.MapGet("/events", async (HttpContext context) =>
{
    context.Response.ContentType = "text/event-stream";
    using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, context.GetDrainingToken());
    while (!end.IsCancellationRequested)
    {
        await context.Response.WriteAsync($"data: {DateTimeOffset.UtcNow:O}\n\n", context.RequestAborted);
        await Task.Delay(TimeSpan.FromSeconds(1), end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    await context.Response.WriteAsync("event: goodbye\ndata: reconnect\n\n", context.RequestAborted);
});

app.Run();

static Task<string> ReadAsync(HttpContext context) => new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);

internal sealed class Greeting
{
    public string Text { get; set; } = "hello";
}

internal sealed class JobQueue
{
    public Channel<string> Jobs { get; } = Channel.CreateBounded<string>(1000);
}

internal sealed class Worker(JobQueue queue, ILogger<Worker> log) : GracefulBackgroundService
{
    // The server was registered after this service, and so it has stopped before it: nobody adds a job any more.
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Jobs.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    // Not until the stop token: while the service drains, requests still bring jobs. The grace token is cancelled when the host waits no longer, and the log then names the worker.
    protected override async Task ExecuteAsync(CancellationToken stopToken, CancellationToken graceToken)
    {
        await foreach (var job in queue.Jobs.Reader.ReadAllAsync(graceToken))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), graceToken);
            log.LogInformation("done: {Job}", job);
        }
    }
}
