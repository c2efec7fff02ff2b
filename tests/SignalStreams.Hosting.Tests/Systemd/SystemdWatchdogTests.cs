using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SignalStreams.Hosting.Tests;

/// <summary>When systemd is told that the service lives, and when not.</summary>
public sealed class SystemdWatchdogTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Half = Limit / 2;

    [Fact]
    public async Task Without_health_checks_the_ping_comes_at_half_of_the_time()
    {
        using var manager = new FakeServiceManager();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, Limit, null));
        manager.Expect("READY=1", "WATCHDOG=1");
        host.Time.Advance(Half - TimeSpan.FromTicks(1));
        manager.Expect();
        for (var ping = 0; ping < 3; ping++)
        {
            host.Time.Advance(TimeSpan.FromTicks(1));
            manager.Expect("WATCHDOG=1");
            host.Time.Advance(Half - TimeSpan.FromTicks(1));
            manager.Expect();
        }
    }

    [Fact]
    public async Task An_unhealthy_check_withholds_the_ping_and_the_log_says_which()
    {
        using var manager = new FakeServiceManager();
        var check = new FakeCheck();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, Limit, null), services => services.AddHealthChecks().AddCheck("queue", check));
        manager.Expect("READY=1", "WATCHDOG=1");

        check.Answer = () => Task.FromResult(HealthCheckResult.Unhealthy("the consumer is dead"));
        await TickAsync(host);
        var line = await host.Log.LineAsync("unhealthy: queue (the consumer is dead). systemd ends it when 10 s have passed");
        Assert.StartsWith("Warning", line, StringComparison.Ordinal);
        manager.Expect();

        check.Answer = () => Task.FromResult(HealthCheckResult.Degraded());
        await TickAsync(host);
        manager.Expect("WATCHDOG=1");
        await host.Log.LineAsync("The health checks pass again");
    }

    [Fact]
    public async Task A_check_that_throws_withholds_the_ping()
    {
        using var manager = new FakeServiceManager();
        var check = new FakeCheck();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, Limit, null), services => services.AddHealthChecks().AddCheck("queue", check));
        manager.Expect("READY=1", "WATCHDOG=1");
        check.Answer = () => throw new InvalidOperationException("broken pipe");
        await TickAsync(host);
        await host.Log.LineAsync("unhealthy: queue (broken pipe)");
        manager.Expect();
    }

    [Fact]
    public async Task A_check_that_hangs_withholds_the_ping_until_it_answers()
    {
        using var manager = new FakeServiceManager();
        var check = new FakeCheck();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, Limit, null), services => services.AddHealthChecks().AddCheck("queue", check));
        manager.Expect("READY=1", "WATCHDOG=1");

        var answer = new TaskCompletionSource<HealthCheckResult>();
        var calls = 0;
        check.Answer = () =>
        {
            Interlocked.Increment(ref calls);
            return answer.Task;
        };
        await TickAsync(host);
        host.Time.Advance(Half);
        await host.Log.LineAsync("the health checks have not answered for 5 s");
        host.Time.Advance(Half);
        manager.Expect();

        answer.SetResult(HealthCheckResult.Healthy());
        manager.Expect("WATCHDOG=1");
        Assert.Equal(1, calls);
        await host.Log.LineAsync("The health checks pass again");
    }

    [Fact]
    public async Task A_check_of_readiness_does_not_start_the_service_anew()
    {
        using var manager = new FakeServiceManager();
        var check = new FakeCheck { Answer = () => Task.FromResult(HealthCheckResult.Unhealthy()) };
        await using var host = await ServiceHost.StartAsync(new(manager.Address, Limit, null), services => services.AddHealthChecks().AddCheck("database", check, tags: ["ready"]));
        manager.Expect("READY=1", "WATCHDOG=1");
    }

    [Fact]
    public async Task The_program_chooses_the_checks()
    {
        using var manager = new FakeServiceManager();
        var check = new FakeCheck { Answer = () => Task.FromResult(HealthCheckResult.Unhealthy()) };
        await using var host = await ServiceHost.StartAsync(
            new(manager.Address, Limit, null),
            services => services.AddHealthChecks().AddCheck("other", check),
            options => options.WatchdogChecks = registration => registration.Tags.Contains("live"));
        manager.Expect("READY=1", "WATCHDOG=1");
    }

    [Fact]
    public async Task A_host_that_stops_is_not_asked_for_its_health()
    {
        using var manager = new FakeServiceManager();
        var check = new FakeCheck();
        await using var host = await ServiceHost.StartAsync(new(manager.Address, Limit, null), services => services.AddHealthChecks().AddCheck("queue", check));
        manager.Expect("READY=1", "WATCHDOG=1");
        check.Answer = () => Task.FromResult(HealthCheckResult.Unhealthy());
        host.Drain();
        manager.Until(message => message.StartsWith("EXTEND", StringComparison.Ordinal));
        host.Time.Advance(Half);
        manager.Expect("WATCHDOG=1");
    }

    [Fact]
    public async Task Without_a_watchdog_no_check_is_run()
    {
        using var manager = new FakeServiceManager();
        var calls = 0;
        var check = new FakeCheck
        {
            Answer = () =>
            {
                Interlocked.Increment(ref calls);
                return Task.FromResult(HealthCheckResult.Healthy());
            },
        };
        await using var host = await ServiceHost.StartAsync(new(manager.Address, null, null), services => services.AddHealthChecks().AddCheck("queue", check));
        host.Time.Advance(Limit);
        manager.Expect("READY=1");
        Assert.Equal(0, calls);
    }

    // The answer to the check of before comes on the pool: what the clock finds still at it would count as hung.
    private static async Task TickAsync(ServiceHost host)
    {
        await Task.Delay(250);
        host.Time.Advance(Half);
    }
}
