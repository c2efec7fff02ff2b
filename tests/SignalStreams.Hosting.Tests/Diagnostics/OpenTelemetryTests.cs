using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SignalStreams.Hosting.Tests.Background;

namespace SignalStreams.Hosting.Tests.Diagnostics;

/// <summary>With OpenTelemetry's own providers, made and disposed of by the container, as OpenTelemetry.Extensions.Hosting has them.</summary>
public sealed class OpenTelemetryTests : IDisposable
{
    private const string Received = "signalstreams.signals.received";

    private readonly SpanRecorder _spans = new();
    private readonly string _orders = $"orders {Guid.NewGuid()}";
    private readonly Work _work;
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OpenTelemetryTests() => _work = new Work((stop, _) => Task.Delay(Timeout.Infinite, stop)) { Title = _orders };

    public void Dispose()
    {
        _spans.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task Shutdown_is_exported_before_the_host_is_gone()
    {
        await using var test = Host(_ => { });
        var running = await test.RunAsync();
        await _work.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();

        // At once: nothing more is waited for when the main function returns.
        var span = _spans.Single(_orders);
        Assert.Equal("host.shutdown", span.Name);
        Assert.Equal("SIGTERM from test", span.Tags["signalstreams.reason"]);
        Assert.Equal("SIGTERM", span.Tags["signalstreams.signal"]);
        Assert.True((double)span.Tags["signalstreams.draining.duration"]! >= 0);
        Assert.True((double)span.Tags["signalstreams.duration"]! >= (double)span.Tags["signalstreams.draining.duration"]!);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(default, span.Parent);
        var work = Assert.Single(span.Events, each => each.Name == _orders);
        Assert.Contains(new KeyValuePair<string, object?>("outcome", "ended"), work.Tags);
    }

    [Fact]
    public async Task Culprits_make_the_shutdown_an_error()
    {
        var stubborn = new Work((_, _) => _isOver.Task) { Title = "stubborn", CleanUp = TimeSpan.Zero };
        await using var test = Host(services => services
            .Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(500))
            .AddSingleton<IHostedService>(stubborn));
        var running = await test.RunAsync();
        await stubborn.Begun.Task.WithLimit();
        await _work.Begun.Task.WithLimit();
        test.Application.StopApplication();
        await running.WithLimit();
        var span = _spans.Single(_orders);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(["stubborn"], (string[])span.Tags["signalstreams.culprits"]!);
        Assert.Equal("the program itself", span.Tags["signalstreams.reason"]);
        Assert.False(span.Tags.ContainsKey("signalstreams.signal"));
        _isOver.SetResult();
    }

    [Fact]
    public async Task Shutdown_is_no_child_of_what_the_program_traces()
    {
        await using var test = Host(_ => { });
        var running = await test.RunAsync();
        await _work.Begun.Task.WithLimit();
        using (var mine = new Activity("mine").Start())
        {
            test.Application.StopApplication();
            Assert.Same(mine, Activity.Current);
            await running.WithLimit();
        }

        Assert.Equal(default, _spans.Single(_orders).Parent);
    }

    [Fact]
    public async Task Signals_are_counted_by_the_meter()
    {
        var isPublished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Name == Received) { isPublished.TrySetResult(); } } };
        var names = new ConcurrentBag<string>();
        await using var test = new TestHost(build: builder => builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .AddMeter("SignalStreams")
            .AddReader(new BaseExportingMetricReader(new MetricRecorder(names)))
            .Build()));
        test.Host.Services.GetRequiredService<MeterProvider>();

        // After the provider, who so is told before.
        listener.Start();
        var running = await test.RunAsync();
        await isPublished.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Contains(Received, names);
    }

    private TestHost Host(Action<IServiceCollection> build)
    {
        var test = new TestHost(build: builder =>
        {
            // The batches of OpenTelemetry wait for 5 s: what is exported at once is what its disposal flushes.
            builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder().AddSource("SignalStreams").AddProcessor(new BatchActivityExportProcessor(_spans)).Build());
            builder.Services.AddSingleton<IHostedService>(_work);
            build(builder.Services);
        });
        test.Host.Services.GetRequiredService<TracerProvider>();
        return test;
    }

    private sealed record Span(string Name, ActivitySpanId Parent, ActivityStatusCode Status, DateTime Start, Dictionary<string, object?> Tags, ActivityEvent[] Events);

    // The source is the process's: hosts of other tests are heard too.
    private sealed class SpanRecorder : BaseExporter<Activity>
    {
        private readonly ConcurrentQueue<Span> _spans = new();

        public Span Single(string work) => Assert.Single(_spans, span => span.Events.Any(each => each.Name == work));

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var activity in batch)
            {
                _spans.Enqueue(new Span(
                    activity.OperationName, activity.ParentSpanId, activity.Status, activity.StartTimeUtc, activity.TagObjects.ToDictionary(), [.. activity.Events]));
            }

            return ExportResult.Success;
        }
    }

    private sealed class MetricRecorder(ConcurrentBag<string> names) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                names.Add(metric.Name);
            }

            return ExportResult.Success;
        }
    }
}
