using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SignalStreams.Hosting.Tests.Background;

namespace SignalStreams.Hosting.Tests.Diagnostics;

public sealed class TimelineLogTests
{
    private const string Passed = "Warning SignalStreams.Hosting: HostOptions.ShutdownTimeout (2 s) has passed, and not all services have stopped. ";

    private readonly TaskCompletionSource _isBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Background_service_that_passes_the_timeout_is_named_and_those_that_it_kept_waiting_are_not()
    {
        var time = new ManualTime();
        await using var test = Host(services => services.AddHostedService<Innocent>().AddHostedService(_ => new Stubborn(_isBegun, _isOver.Task)).AddHostedService<Quick>(), time: time);
        var running = await test.RunAsync();
        await _isBegun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await PassAsync(test, time, running, "Stubborn");
        var line = Assert.Single(test.Log.Lines, line => line.StartsWith(Passed, StringComparison.Ordinal));
        Assert.StartsWith(Passed + "The shutdown was held up: child 'Stubborn' still runs after ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Innocent", line, StringComparison.Ordinal);
        Assert.DoesNotContain(test.Log.Lines, line => line.Contains("The host has stopped", StringComparison.Ordinal));
        _isOver.SetResult();
    }

    [Fact]
    public async Task Warning_that_is_still_being_written_is_waited_for()
    {
        var time = new ManualTime();
        var limit = TimeSpan.FromDays(1);
        using var log = new SlowLog();
        await using var test = new TestHost(
            build: builder => builder.Services
                .AddSingleton<ILoggerProvider>(_ => log)
                .Configure<HostOptions>(options => options.ShutdownTimeout = limit)
                .AddHostedService(_ => new Worker { OnStop = _ => Begin() }),
            time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await _isBegun.Task.WithLimit();
        var timer = Task.Run(() => time.Advance(limit));
        await log.Begun.WithLimit();
        _isOver.SetResult();
        await running.WithLimit();
        Assert.True(log.IsWritten);
        await timer.WithLimit();
    }

    [Theory]
    [InlineData(1.6, true)]
    [InlineData(1.4, false)]
    public async Task Stop_that_the_host_has_cut_is_said_to_have_passed_the_timeout_though_our_clock_began_a_little_later(double seconds, bool isPassed)
    {
        var time = new ManualTime();
        await using var test = new TestHost(
            build: builder => builder.Services
                .Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2))
                .AddHostedService(_ => new Worker { OnStop = UntilCut }),
            time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(isPassed, test.Log.Has(Passed));
        Assert.NotEqual(isPassed, test.Log.Has("Warning SignalStreams.Hosting: The host has stopped, and not everything ended in time. "));

        Task UntilCut(CancellationToken stop)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            return Task.WhenAny(Task.Delay(Timeout.Infinite, stop));
        }
    }

    [Fact]
    public async Task Service_that_never_returns_is_named_while_the_host_hangs()
    {
        var worker = new Worker { OnStop = _ => _isOver.Task };
        await using var test = Host(services => services.AddHostedService<Innocent>().AddHostedService(_ => worker).AddHostedService<Quick>());
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await Patience.UntilAsync(() => test.Log.Has(Passed), "the warning");
        Assert.Contains(test.Log.Lines, line => line.StartsWith(Passed, StringComparison.Ordinal) && line.Contains("one of these: Worker (their stop cannot be seen; services.LimitStop shows and limits it)", StringComparison.Ordinal));
        Assert.False(running.IsCompleted);
        _isOver.SetResult();
        await running.WithLimit();
    }

    [Fact]
    public async Task Service_with_a_limit_beyond_the_timeout_is_named_alone()
    {
        var slow = new Worker { OnStop = _ => _isOver.Task };
        var work = new Work((stop, _) => Task.Delay(Timeout.Infinite, stop));
        var time = new ManualTime();
        await using var test = Host(services => services.AddHostedService<Innocent>().AddHostedService(_ => slow).AddHostedService(_ => work).LimitStop<Worker>(Timeout.InfiniteTimeSpan), time: time);
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await PassAsync(test, time, running, "Worker");
        Assert.Contains(test.Log.Lines, line => line.StartsWith(Passed + "The shutdown was held up: child 'Worker' still runs after ", StringComparison.Ordinal));
        _isOver.SetResult();
    }

    [Fact]
    public async Task Services_that_stop_all_at_once_are_all_named()
    {
        var work = new Work((_, _) => _isOver.Task) { Title = "work", CleanUp = TimeSpan.Zero };
        var time = new ManualTime();
        await using var test = Host(
            services => services
                .Configure<HostOptions>(options => options.ServicesStopConcurrently = true)
                .AddHostedService(_ => new Stubborn(_isBegun, _isOver.Task)).AddHostedService(_ => work).AddHostedService<Innocent>(),
            time: time);
        var running = await test.RunAsync();
        await Task.WhenAll(_isBegun.Task, work.Begun.Task).WithLimit();
        test.Hub.Raise(SIGTERM);
        await PassAsync(test, time, running, "Stubborn", "work");
        var line = Assert.Single(test.Log.Lines, line => line.StartsWith(Passed, StringComparison.Ordinal));
        Assert.Contains("child 'Stubborn' still runs", line, StringComparison.Ordinal);
        Assert.Contains("child 'work' still runs", line, StringComparison.Ordinal);
        Assert.DoesNotContain("child 'Innocent' still runs", line, StringComparison.Ordinal);
        _isOver.SetResult();
    }

    [Fact]
    public async Task Second_signal_tells_what_it_cuts_short()
    {
        var slow = new Worker { OnStop = _ => _isOver.Task };
        await using var test = Host(services => services.AddHostedService(_ => slow).LimitStop<Worker>(TimeSpan.FromDays(1)), timeout: TimeSpan.FromDays(1));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await Patience.UntilAsync(() => test.Shutdown.Timeline.Culprits.Any(), "the culprit");
        test.Hub.Raise(SIGINT);
        await running.WithLimit();
        Assert.Single(test.Log.Lines, line => line.StartsWith("Warning SignalStreams.Hosting: What the second signal cuts short. The shutdown was held up: child 'Worker' still runs", StringComparison.Ordinal));
        _isOver.SetResult();
    }

    [Theory]
    [InlineData(TimelineOutput.WhenLimitPassed, false)]
    [InlineData(TimelineOutput.Never, false)]
    [InlineData(TimelineOutput.Always, true)]
    public async Task Stop_in_time_is_logged_where_it_is_wanted(TimelineOutput output, bool isLogged)
    {
        await using var test = Host(services => services.AddHostedService<Innocent>(), options => options.Timeline = output, TimeSpan.FromDays(1));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal(isLogged, test.Log.Has("Information SignalStreams.Hosting: The host has stopped. Shutdown by SIGTERM from test: over after "));
        Assert.DoesNotContain(test.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_logged_where_nothing_is_wanted()
    {
        await using var test = Host(services => services.AddHostedService(_ => new Stubborn(_isBegun, _isOver.Task)), options => options.Timeline = TimelineOutput.Never);
        var running = await test.RunAsync();
        await _isBegun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.DoesNotContain(test.Log.Lines, line => line.Contains(" SignalStreams.Hosting: ", StringComparison.Ordinal));
        _isOver.SetResult();
    }

    private Task Begin()
    {
        _isBegun.SetResult();
        return _isOver.Task;
    }

    // Our clock passes the timeout long before the host's, which is real: by that the two limits are a moment apart, and a busy machine could swap them.
    private static async Task PassAsync(TestHost test, ManualTime time, Task running, params string[] late)
    {
        await Patience.UntilAsync(
            () => test.Shutdown.Timeline.Entries.Where(entry => entry is { Kind: TimelineEntryKind.Child, Outcome: TimelineOutcome.Running }).Select(entry => entry.Name).Order().SequenceEqual(late.Order()),
            "those who are late");
        await Patience.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(40));
                return test.Log.Has(Passed);
            },
            "the warning");

        // The time that a service has for its clean-up is by our clock too.
        await Patience.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return running.IsCompleted;
            },
            "the end of the host");
        await running;
    }

    private static TestHost Host(Action<IServiceCollection> build, Action<SignalStreamsOptions>? configure = null, TimeSpan? timeout = null, TimeProvider? time = null) => new(
        configure,
        builder =>
        {
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = timeout ?? TimeSpan.FromSeconds(2));
            build(builder.Services);
        },
        time: time);

    private sealed class Stubborn(TaskCompletionSource begun, Task end) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            begun.SetResult();
            return end;
        }
    }

#pragma warning disable CA1812 // The container makes them.
    private sealed class Innocent : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(Timeout.Infinite, stoppingToken);
    }

    private sealed class Quick : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(Timeout.Infinite, stoppingToken);
    }
#pragma warning restore CA1812
}
