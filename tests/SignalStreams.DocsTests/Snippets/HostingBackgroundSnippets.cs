using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class HostingBackgroundSnippets : SnippetTests
{
    private readonly TestSignalHub _test = TestSignals.Install();

    [Fact]
    public async Task Work_finishes_its_item()
    {
        var orders = Channel.CreateUnbounded<Order>();
        var order = new Order();
        orders.Writer.TryWrite(order);
        var builder = Host.CreateApplicationBuilder();
        builder.UseSignalStreams().Services.AddSingleton(orders.Reader).AddHostedService<Shipper>();
        using var host = builder.Build();
        var shutdown = host.Services.GetRequiredService<HostShutdown>();
        var running = host.RunAsync(TestToken);
        await order.IsBegun.Task.WithLimit();
        _test.Raise(SIGTERM);
        await Task.Delay(Timeout.Infinite, shutdown.DrainingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        order.MayEnd.SetResult();
        await running.WithLimit();
        Assert.True(order.IsShipped);
    }

    [Fact]
    public async Task Stop_of_a_service_is_limited()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseSignalStreams();
        #region Stop_of_a_service_is_limited
        builder.Services.AddHostedService<Mailer>();
        builder.Services.LimitStop<Mailer>(TimeSpan.FromSeconds(5));
        #endregion
        builder.Services.LimitStop<Mailer>(TimeSpan.FromMilliseconds(5));
        using var host = builder.Build();
        var shutdown = host.Services.GetRequiredService<HostShutdown>();
        await host.StartAsync(TestToken);
        await host.StopAsync(TestToken).WithLimit();
        Assert.Equal("Mailer", Assert.Single(shutdown.Timeline.Culprits).Name);
    }

    [Fact]
    public void Shutdown_is_traced_and_signals_are_counted()
    {
        var builder = Host.CreateApplicationBuilder();
        #region Shutdown_is_traced_and_signals_are_counted
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource("SignalStreams"));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter("SignalStreams"));
        #endregion
        Assert.NotEmpty(builder.Services);
    }

    public sealed class Order
    {
        public TaskCompletionSource IsBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsShipped { get; private set; }

        public async Task ShipAsync(CancellationToken token)
        {
            IsBegun.SetResult();
            await MayEnd.Task.WaitAsync(token);
            IsShipped = true;
        }
    }

#pragma warning disable CA1812 // The container makes it.
    private sealed class Mailer : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
#pragma warning restore CA1812

    #region Work_finishes_its_item
    public sealed class Shipper(ChannelReader<Order> orders) : GracefulBackgroundService
    {
        public override TimeSpan GracePeriod => TimeSpan.FromSeconds(20);

        protected override async Task ExecuteAsync(CancellationToken stopToken, CancellationToken graceToken)
        {
            await foreach (var order in orders.ReadAllAsync(stopToken))    // begin nothing new
            {
                await order.ShipAsync(graceToken);                         // finish this one
            }
        }
    }
    #endregion
}
