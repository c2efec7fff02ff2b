using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace SignalStreams.HostProgram.Scenarios;

/// <summary>A host that is traced by OpenTelemetry, whose batches would wait for an hour. With the argument "hang" a service never stops, with "exit" another library exits while the last batch is exported.</summary>
internal static class Telemetry
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .AddSource("SignalStreams")
            .AddProcessor(new BatchActivityExportProcessor(new LineExporter(args.Contains("exit")), scheduledDelayMilliseconds: 3_600_000))
            .Build());
        if (args.Contains("hang"))
        {
            builder.Services.AddHostedService<Hanging>();
        }

        builder.UseSignalStreams(options => options.CheckBudget = false);
        var host = builder.Build();
        host.Services.GetRequiredService<TracerProvider>();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Line.Write("ready"));
        await host.RunAsync();
        return 0;
    }

    private sealed class LineExporter(bool exits) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            if (exits)
            {
                new Thread(() => Environment.Exit(0)).Start();
                Thread.Sleep(500);
            }

            foreach (var activity in batch)
            {
                Line.Write($"exported {activity.OperationName} because of {activity.GetTagItem("signalstreams.signal")}");
            }

            return ExportResult.Success;
        }
    }

    private sealed class Hanging : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Line.Write("hangs");
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}
