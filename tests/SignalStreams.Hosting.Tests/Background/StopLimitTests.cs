using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.Hosting.Tests.Background;

public sealed class StopLimitTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Service_that_passes_its_limit_is_given_up_by_name_and_the_others_are_stopped()
    {
        var token = CancellationToken.None;
        var slow = new Worker
        {
            OnStop = given =>
            {
                token = given;
                return Task.Delay(Timeout.Infinite, CancellationToken.None);
            },
        };
        var other = new Background();
        await using var test = new TestHost(build: builder => builder.Services
            .Configure<HostOptions>(options => options.ShutdownTimeout = Day)
            .AddHostedService(_ => other)
            .AddHostedService(_ => slow)
            .LimitStop<Worker>(Day)
            .LimitStop<Worker>(Short));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.True(token.IsCancellationRequested);
        Assert.True(other.ExecuteTask!.IsCompleted);
        var entry = Assert.Single(test.Shutdown.Timeline.Culprits);
        Assert.Equal("Worker", entry.Name);
        Assert.Equal(TimelineOutcome.GivenUp, entry.Outcome);
        Assert.Equal(Short, entry.Limit);
        Assert.True(test.Log.Has("Warning SignalStreams.Hosting: 'Worker' did not stop within 0.1 s and was given up"));
    }

    [Fact]
    public async Task Service_that_blocks_a_thread_is_given_up_too()
    {
        using var isOver = new ManualResetEventSlim();
        var slow = new Worker
        {
            OnStop = _ =>
            {
                isOver.Wait(Patience.Limit, CancellationToken.None);
                return Task.CompletedTask;
            },
        };
        await using var test = new TestHost(build: builder => builder.Services.AddSingleton<IHostedService>(slow).LimitStop<Worker>(Short));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal("Worker", Assert.Single(test.Shutdown.Timeline.Culprits).Name);
        isOver.Set();
    }

    [Fact]
    public async Task Service_that_ends_at_its_limit_is_no_culprit_and_no_error()
    {
        var slow = new Worker { OnStop = token => Task.Delay(Timeout.Infinite, token) };
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => slow).LimitStop<Worker>(Short));
        var running = await test.RunAsync();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Empty(test.Shutdown.Timeline.Culprits);
        Assert.Contains(test.Shutdown.Timeline.Entries, entry => entry is { Name: "Worker", Outcome: TimelineOutcome.Cancelled });
    }

    [Fact]
    public async Task Error_of_a_limited_stop_is_the_hosts()
    {
        var bad = new Worker { OnStop = _ => throw new InvalidOperationException("no") };
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => bad).LimitStop<Worker>(Day));
        await test.RunAsync();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => test.Host.StopAsync(TestContext.Current.CancellationToken).WithLimit());
        Assert.Equal("no", error.Message);
    }

    [Fact]
    public async Task Background_service_with_a_limit_is_still_seen_to_fail()
    {
        var background = new Background();
        await using var test = new TestHost(build: builder => builder.Services.AddHostedService(_ => background).LimitStop<Background>(Day));
        var running = await test.RunAsync();
        background.Failure.SetException(new InvalidOperationException("no"));
        await running.WithLimit();
        Assert.True(test.Log.Has("[InvalidOperationException: no]"));
    }

    [Fact]
    public async Task Background_service_whose_work_goes_on_is_given_up()
    {
        var background = new Background { IsStubborn = true };
        await using var test = new TestHost(build: builder => builder.Services
            .Configure<HostOptions>(options => options.ShutdownTimeout = Day)
            .AddHostedService(_ => background).LimitStop<Background>(Short));
        var running = await test.RunAsync();
        await background.Begun.Task.WithLimit();
        test.Hub.Raise(SIGTERM);
        await running.WithLimit();
        Assert.Equal("Background", Assert.Single(test.Shutdown.Timeline.Culprits).Name);
        background.Failure.SetResult();
    }

    [Fact]
    public async Task Container_makes_the_service_and_disposes_of_it_once_and_it_has_all_its_calls()
    {
        var log = new List<string>();
        await using (var test = new TestHost(build: builder => builder.Services.AddSingleton(log).AddHostedService<Stages>().LimitStop<Stages>(Day)))
        {
            var running = await test.RunAsync();
            test.Hub.Raise(SIGTERM);
            await running.WithLimit();
        }

        Assert.Equal(["starting", "start", "started", "stopping", "stop", "stopped", "disposed"], log);
    }

    [Fact]
    public async Task Limit_counts_in_a_host_without_SignalStreams()
    {
        var slow = new Worker { OnStop = _ => Task.Delay(Timeout.Infinite, CancellationToken.None) };
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHostedService(_ => slow).LimitStop<Worker>(Short);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken).WithLimit();
    }

    [Fact]
    public void Service_that_is_not_registered_yet_is_refused_with_the_remedy()
    {
        var services = new ServiceCollection().AddSignalStreams().AddHostedService<Stages>();
        var error = Assert.Throws<InvalidOperationException>(() => services.LimitStop<Worker>(Day));
        Assert.Equal("There is no hosted service Worker whose stop could be limited. Call AddHostedService<Worker>() first, and then LimitStop. Registered so far: Stages.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => services.LimitStop<Stages>(TimeSpan.Zero));
    }

    private sealed class Background : BackgroundService
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Failure { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsStubborn { get; init; }

        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Begun.TrySetResult();
            return Failure.Task.WaitAsync(IsStubborn ? CancellationToken.None : stoppingToken);
        }
    }

#pragma warning disable CA1812 // The container makes it.
    private sealed class Stages(List<string> log) : IHostedLifecycleService, IDisposable
#pragma warning restore CA1812
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Log("starting");

        public Task StartAsync(CancellationToken cancellationToken) => Log("start");

        public Task StartedAsync(CancellationToken cancellationToken) => Log("started");

        public Task StoppingAsync(CancellationToken cancellationToken) => Log("stopping");

        public Task StopAsync(CancellationToken cancellationToken) => Log("stop");

        public Task StoppedAsync(CancellationToken cancellationToken) => Log("stopped");

        public void Dispose() => Log("disposed");

        private Task Log(string call)
        {
            log.Add(call);
            return Task.CompletedTask;
        }
    }
}
