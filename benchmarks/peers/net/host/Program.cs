// .NET Generic Host. Arguments: KIND shutdown N, where KIND is many (N BackgroundServices) or one (one of them, with N tasks).
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
#if SIGNALSTREAMS
using SignalStreams;
#endif

var (many, count) = (args[0] == "many", int.Parse(args[2]));
Worker.Started = new CountdownEvent(count);
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders(); // Standard output is the driver's.
for (var i = 0; i < (many ? count : 1); i++)
{
    builder.Services.AddSingleton<IHostedService>(_ => new Worker(many ? 1 : count));
}

#if SIGNALSTREAMS
builder.UseSignalStreams();
#endif
using var host = builder.Build();
await host.StartAsync();
Worker.Started.Wait();
Output.Put('r');
await host.WaitForShutdownAsync();
Output.Put($"stopped={Worker.Stopped}\n");
