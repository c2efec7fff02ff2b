using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

/// <summary>A supervised fake, its platform and its clock.</summary>
internal sealed class Fixture : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SupervisedProcessEvent> _events;

    private Fixture(FakePlatform platform, ManualTime time, SupervisedProcess process, FakeChild child)
    {
        Platform = platform;
        Time = time;
        Process = process;
        Child = child;
        _events = process.ReadEventsAsync().GetAsyncEnumerator();
    }

    public FakePlatform Platform { get; }

    public ManualTime Time { get; }

    public SupervisedProcess Process { get; }

    /// <summary>The first child.</summary>
    public FakeChild Child { get; }

    public static ProcessStartInfo Info(bool redirects = false) =>
        new(OperatingSystem.IsWindows() ? Path.Combine(Environment.SystemDirectory, "cmd.exe") : "/bin/sh") { RedirectStandardOutput = redirects, RedirectStandardError = redirects };

    public static async Task<Fixture> StartAsync(RestartPolicy? restart = null, Action<SupervisedProcessOptions>? configure = null, bool redirects = false)
    {
        var platform = new FakePlatform();
        var time = new ManualTime();
        var options = new SupervisedProcessOptions { Restart = restart ?? RestartPolicy.Never, TimeProvider = time };
        configure?.Invoke(options);
        var process = SupervisedProcess.Start(Info(redirects), options, platform.Parts);
        return new Fixture(platform, time, process, await platform.NextAsync());
    }

    public async Task<SupervisedProcessEvent> NextEventAsync()
    {
        Assert.True(await _events.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test), "There are no more events.");
        return _events.Current;
    }

    public async Task<SupervisedProcessEvent> EventAsync(SupervisedProcessState state)
    {
        var e = await NextEventAsync();
        Assert.Equal(state, e.State);
        return e;
    }

    /// <summary>No more events come.</summary>
    public async Task NoMoreEventsAsync() => Assert.False(await _events.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test));

    /// <summary>The pause before a restart has begun, and its timer runs.</summary>
    public Task TimerAsync() => SupervisionLimits.UntilAsync(() => Time.Timers > 0);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync().AsTask().WaitAsync(SupervisionLimits.Test);
        await _events.DisposeAsync();
    }
}
