using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.Hosting.Tests;

/// <summary>What systemd hears of a host, and in which order.</summary>
public sealed class SystemdServiceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_life_from_start_to_end_is_told_in_order(bool isAbstract)
    {
        using var manager = new FakeServiceManager(isAbstract);
        var drain = new FakeDrain { Status = "3 requests left" };
        await using (var host = await ServiceHost.StartAsync(new(manager.Address, null, null), services => services.AddSingleton<IDrainStatus>(drain)))
        {
            manager.Expect("READY=1");

            host.Drain();
            manager.Expect("STOPPING=1\nSTATUS=draining: 3 requests left", "EXTEND_TIMEOUT_USEC=30000000");

            drain.Status = "1 request left";
            host.Time.Advance(TimeSpan.FromMilliseconds(250));
            manager.Expect("STATUS=draining: 1 request left");

            host.Shutdown.Advance(HostShutdownPhase.Stopping);
            host.Time.Advance(TimeSpan.FromMilliseconds(250));
            manager.Expect("STATUS=stopping: 1 request left");

            drain.Status = null;
            host.Time.Advance(TimeSpan.FromMilliseconds(250));
            manager.Expect("STATUS=stopping");

            await host.StopAsync();
            manager.Expect("STATUS=stopped");
        }

        Assert.Empty(manager.All());
    }

    [Fact]
    public async Task Drain_that_ends_while_its_status_is_asked_for_is_not_told_of_afterwards()
    {
        using var manager = new FakeServiceManager();
        var drain = new FakeDrain { Status = "3 requests left" };
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, null), services => services.AddSingleton<IDrainStatus>(drain));
        host.Drain();
        manager.Expect("READY=1", "STOPPING=1\nSTATUS=draining: 3 requests left", "EXTEND_TIMEOUT_USEC=30000000");

        drain.Asked = () =>
        {
            drain.Asked = null;
            host.Shutdown.Advance(HostShutdownPhase.Stopping);
            host.Lifetime.StopApplication();
        };
        host.Time.Advance(TimeSpan.FromMilliseconds(250));
        manager.Expect("STATUS=stopping: 3 requests left");
        host.Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Empty(manager.All());
    }

    [Fact]
    public async Task Nothing_is_said_before_all_services_have_started()
    {
        using var manager = new FakeServiceManager();
        var gate = new TaskCompletionSource();
        await using var host = new ServiceHost(new(manager.Address, null, null), services => services.AddHostedService(_ => new SlowStart(gate.Task)));
        var starting = host.StartAsync();
        Assert.False(starting.IsCompleted);
        Assert.Empty(manager.All());
        Assert.Equal(0, host.Time.Timers);

        gate.SetResult();
        await starting;
        manager.Expect("READY=1");
    }

    [Fact]
    public async Task A_callback_at_the_start_is_done_before_systemd_hears_of_the_start()
    {
        using var manager = new FakeServiceManager();
        await using var host = new ServiceHost(new(manager.Address, null, null), services => services.AddHostedService<AtStart>());
        await host.StartAsync();
        manager.Expect("STATUS=from the callback", "READY=1");
    }

    [Fact]
    public async Task A_long_start_asks_for_more_time_up_to_the_start_timeout()
    {
        using var manager = new FakeServiceManager();
        var gate = new TaskCompletionSource();
        await using var host = new ServiceHost(new(manager.Address, null, null), services =>
        {
            services.AddHostedService(_ => new SlowStart(gate.Task));
            services.Configure<HostOptions>(o => o.StartupTimeout = TimeSpan.FromSeconds(45));
        });
        var starting = host.StartAsync();
        var asked = new List<string>(manager.All());
        for (var second = 0; second < 100; second++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            asked.AddRange(manager.All());
        }

        Assert.Equal([Extend(30), Extend(30), Extend(25), Extend(15), Extend(5)], asked);
        gate.SetResult();
        await starting;
        manager.Expect("READY=1");
        host.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(manager.All());
    }

    [Fact]
    public async Task A_long_stop_asks_for_more_time_up_to_drain_delay_and_shutdown_timeout()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(
            new(manager.Address, null, null),
            services => services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(25)),
            o => o.DrainDelay = TimeSpan.FromSeconds(20));
        host.Drain();
        var asked = new List<string>(manager.Until(message => message == Extend(30)));
        for (var second = 0; second < 100; second++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            asked.AddRange(manager.All());
        }

        Assert.Equal(["READY=1", "STOPPING=1\nSTATUS=draining", Extend(30), Extend(30), Extend(25), Extend(15), Extend(5)], asked);
    }

    [Fact]
    public async Task A_stop_without_limit_is_left_to_the_unit()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(
            new(manager.Address, null, null), services => services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan));
        host.Drain();
        host.Time.Advance(TimeSpan.FromSeconds(60));
        manager.Expect("READY=1", "STOPPING=1\nSTATUS=stopping");
    }

    [Fact]
    public async Task The_status_is_sent_a_few_times_a_second_at_most()
    {
        using var manager = new FakeServiceManager();
        var drain = new FakeDrain { Status = "1000 requests left" };
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, null), services => services.AddSingleton<IDrainStatus>(drain));
        host.Drain();
        manager.Until(message => message == Extend(30));
        for (var left = 999; left >= 0; left--)
        {
            drain.Status = $"{left} requests left";
            host.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(4, manager.All().Count);
    }

    [Fact]
    public async Task A_stop_from_inside_is_told_as_well()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, null));
        await host.StopAsync();
        manager.Expect("READY=1", "STOPPING=1\nSTATUS=stopping", Extend(30), "STATUS=stopped");
    }

    [Fact]
    public async Task A_host_that_fails_to_start_is_never_ready()
    {
        using var manager = new FakeServiceManager();
        await using (var host = new ServiceHost(new(manager.Address, null, null), services => services.AddHostedService(_ => new SlowStart(Task.FromException(new InvalidOperationException("no"))))))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        }

        manager.Expect("STATUS=the host did not start");
    }

    [Fact]
    public async Task A_signal_during_the_start_is_told_and_the_host_is_never_ready()
    {
        using var manager = new FakeServiceManager();
        var gate = new TaskCompletionSource();
        await using var host = new ServiceHost(new(manager.Address, null, null), services => services.AddHostedService(_ => new SlowStart(gate.Task)));
        var starting = host.StartAsync();
        host.Drain();
        manager.Expect("STOPPING=1\nSTATUS=stopping", Extend(30));
        gate.SetResult();
        await starting;
        await host.StopAsync();
        manager.Expect("STATUS=stopped");
    }

    [Fact]
    public async Task A_reload_has_the_time_of_the_monotonic_clock_and_ends_with_ready_and_the_status_of_before()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, null));
        host.Notifier.SetStatus("serving\nall");
        manager.All();

        var before = MonotonicClock.Microseconds();
        host.Reload.Reloading();
        var reloading = Assert.Single(manager.All()).Split('\n');
        Assert.Equal("RELOADING=1", reloading[0]);
        Assert.StartsWith("MONOTONIC_USEC=", reloading[1], StringComparison.Ordinal);
        Assert.Equal("STATUS=reloading", reloading[2]);

        var time = long.Parse(reloading[1]["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(time, before, MonotonicClock.Microseconds());

        host.Reload.Reloaded(null);
        manager.Expect("READY=1\nSTATUS=serving all");

        host.Reload.Reloading();
        manager.All();
        host.Reload.Reloaded("Port is 0.");
        manager.Expect("READY=1\nSTATUS=reload refused: Port is 0.");
    }

    [Fact]
    public async Task A_reload_that_ends_after_the_request_to_stop_does_not_say_ready()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, null));
        host.Reload.Reloading();
        host.Drain();
        manager.Until(message => message == Extend(30));
        host.Reload.Reloaded(null);
        host.Reload.Reloading();
        Assert.Empty(manager.All());
    }

    [Fact]
    public async Task The_main_process_is_named_where_systemd_takes_another_for_it()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, 42));
        manager.Expect("READY=1\nMAINPID=42");
    }

    [Fact]
    public async Task Of_two_hosts_one_speaks_and_the_next_one_may_once_it_is_gone()
    {
        using var manager = new FakeServiceManager();
        var environment = new SystemdEnvironment(manager.Address, null, null);
        await using (var first = await ServiceHost.StartAsync(environment))
        {
            await using var second = await ServiceHost.StartAsync(environment);
            second.Drain();
            await second.StopAsync();
            manager.Expect("READY=1");

            // The program's own lines are sent by whoever sends them.
            second.Notifier.SetStatus("two hosts");
            manager.Expect("STATUS=two hosts");
        }

        manager.All();
        await using var third = await ServiceHost.StartAsync(environment);
        manager.Expect("READY=1");
    }

    [Fact]
    public async Task Without_a_socket_there_is_no_timer_and_no_message()
    {
        await using var host = await ServiceHost.StartAsync(SystemdEnvironment.None);
        Assert.False(host.Notifier.IsEnabled);
        host.Notifier.Notify("STATUS=nobody listens");
        host.Reload.Reloading();
        host.Reload.Reloaded(null);
        host.Drain();
        Assert.Equal(0, host.Time.Timers);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_that_is_gone_leaves_no_timer()
    {
        using var manager = new FakeServiceManager();
        var host = await ServiceHost.StartAsync(new(manager.Address, TimeSpan.FromSeconds(10), null));
        Assert.Equal(1, host.Time.Timers);
        host.Drain();
        await host.StopAsync();
        await host.DisposeAsync();
        Assert.Equal(0, host.Time.Timers);
    }

    [Fact]
    public async Task The_stop_is_told_before_callbacks_of_the_program_are_called()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, null));
        host.Shutdown.DrainingToken.Register(() => host.Notifier.SetStatus("from the callback"));
        host.Drain();
        manager.Expect("READY=1", "STOPPING=1\nSTATUS=stopping", Extend(30), "STATUS=from the callback");
    }

    [Fact]
    public async Task More_time_is_asked_for_while_the_services_are_disposed_of()
    {
        using var manager = new FakeServiceManager();
        var slow = new SlowDisposal();
        await using var host = await ServiceHost.StartAsync(
            new(manager.Address, TimeSpan.FromSeconds(100), null),
            services => services.AddSingleton<ILoggerProvider>(_ => slow).Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(25)));
        await host.StopAsync();
        manager.Until(message => message == "STATUS=stopped");
        var disposing = Task.Run(async () => await host.DisposeAsync());
        await slow.Disposing.Task.WithLimit();
        host.Time.Advance(TimeSpan.FromSeconds(10));
        manager.Expect(Extend(15));
        host.Time.Advance(TimeSpan.FromSeconds(10));
        manager.Expect(Extend(5));

        // No longer than the host may take, and the watchdog is fed.
        host.Time.Advance(TimeSpan.FromSeconds(30));
        manager.Expect("WATCHDOG=1");
        slow.GoOn();
        await disposing.WithLimit();
        Assert.Empty(manager.All());
        Assert.Equal(0, host.Time.Timers);
    }

    [Fact]
    public async Task A_host_that_nobody_has_stopped_is_silent_while_it_is_disposed_of()
    {
        using var manager = new FakeServiceManager();
        var slow = new SlowDisposal();
        await using var host = await ServiceHost.StartAsync(
            new(manager.Address, TimeSpan.FromSeconds(10), null), services => services.AddSingleton<ILoggerProvider>(_ => slow).AddHealthChecks());
        manager.Until(message => message == "WATCHDOG=1");
        var disposing = Task.Run(async () => await host.DisposeAsync());
        await slow.Disposing.Task.WithLimit();
        host.Time.Advance(TimeSpan.FromSeconds(30));
        slow.GoOn();
        await disposing.WithLimit();
        Assert.Empty(manager.All());
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains("watchdog", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_word_asks_for_the_time_that_exit_handlers_may_take()
    {
        using var manager = new FakeServiceManager();
        await using (var host = await ServiceHost.StartAsync(new(manager.Address, null, null)))
        {
            var process = host.Services.GetRequiredService<ShutdownManager>();
            process.Configure(options => options.CleanUpTime = TimeSpan.FromSeconds(90));
            process.Register(() => { });
            await host.StopAsync();
            manager.Expect("READY=1", "STOPPING=1\nSTATUS=stopping", Extend(30), "STATUS=stopped");
        }

        manager.Expect(Extend(90));
    }

    private static string Extend(int seconds) => string.Create(CultureInfo.InvariantCulture, $"EXTEND_TIMEOUT_USEC={seconds * 1_000_000L}");

    private sealed class SlowStart(Task start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class AtStart(IHostApplicationLifetime lifetime, SystemdNotifier notifier) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStarted.Register(() => notifier.SetStatus("from the callback"));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
