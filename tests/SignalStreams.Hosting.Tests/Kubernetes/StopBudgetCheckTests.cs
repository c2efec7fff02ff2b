using Microsoft.Extensions.Hosting;

namespace SignalStreams.Hosting.Tests;

/// <summary>What is said where the stop of a host does not fit into what the platform waits.</summary>
public sealed class StopBudgetCheckTests
{
    private static readonly HostStopTime Stop = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.Zero);

    [Theory]
    [InlineData(StopBudgetSource.KubernetesDefault, 30, "terminationGracePeriodSeconds: 45 would do", "SIGNALSTREAMS_STOP_BUDGET=45", "a HostOptions.ShutdownTimeout of 15 s")]
    [InlineData(StopBudgetSource.ContainerDefault, 20, "--stop-timeout 45", "SIGNALSTREAMS_STOP_BUDGET=45", "a HostOptions.ShutdownTimeout of 5 s")]
    [InlineData(StopBudgetSource.ContainerDefault, 10, "--stop-timeout 45", "the container's runtime, by default, kills the process 10 s after", "a shorter drain delay")]
    [InlineData(StopBudgetSource.Systemd, 44.5, "TimeoutStopSec=45 in the unit would do", "systemd kills the process 44.5 s after", "Type=notify")]
    [InlineData(StopBudgetSource.EnvironmentVariable, 44, "terminationGracePeriodSeconds: 45", "SIGNALSTREAMS_STOP_BUDGET=45", "--stop-timeout 45")]
    [InlineData(StopBudgetSource.Windows, 20, "a HostOptions.ShutdownTimeout of 5 s", "Windows kills", "may take 45 s")]
    public void The_data_and_the_remedy_are_in_the_message(StopBudgetSource source, double seconds, params string[] expected)
    {
        var problem = StopBudgetCheck.Problem(Stop, new StopBudget(TimeSpan.FromSeconds(seconds), source), isSystemdTold: false);
        Assert.NotNull(problem);
        Assert.Contains("A stop of this host may take 45 s (drain delay 15 s, HostOptions.ShutdownTimeout 30 s)", problem, StringComparison.Ordinal);
        Assert.All(expected, text => Assert.Contains(text, problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StopBudgetSource.KubernetesDefault, 45.0, false)]
    [InlineData(StopBudgetSource.Unknown, null, false)]
    [InlineData(StopBudgetSource.EnvironmentVariable, null, false)]
    [InlineData(StopBudgetSource.Systemd, 10.0, true)]
    public void What_fits_is_not_talked_about(StopBudgetSource source, double? seconds, bool isSystemdTold) =>
        Assert.Null(StopBudgetCheck.Problem(Stop, new StopBudget(seconds is { } known ? TimeSpan.FromSeconds(known) : null, source), isSystemdTold));

    [Fact]
    public void A_stop_without_limit_does_not_fit_into_any_budget()
    {
        var problem = StopBudgetCheck.Problem(Stop with { ShutdownTimeout = null }, new StopBudget(TimeSpan.FromSeconds(90), StopBudgetSource.Systemd), isSystemdTold: true);
        Assert.Contains("may take any time (drain delay 15 s, HostOptions.ShutdownTimeout without limit)", problem, StringComparison.Ordinal);
        Assert.Contains("a HostOptions.ShutdownTimeout of 75 s", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_handlers_count_once_the_program_has_some()
    {
        await using var test = new TestSignalHub();
        var options = new SignalStreamsOptions { DrainDelay = TimeSpan.FromSeconds(3) };
        var host = new HostOptions { ShutdownTimeout = TimeSpan.FromSeconds(10) };
        Assert.Equal(TimeSpan.FromSeconds(13), HostStopTime.Of(options, host, null).Total);
        Assert.Equal(TimeSpan.FromSeconds(13), HostStopTime.Of(options, host, test.ShutdownManager).Total);

        test.ShutdownManager.Register(() => { });
        var time = HostStopTime.Of(options, host, test.ShutdownManager);
        Assert.Equal(TimeSpan.FromSeconds(18), time.Total);
        Assert.Contains(
            "may take 18 s (drain delay 3 s, HostOptions.ShutdownTimeout 10 s, exit handlers 5 s)",
            StopBudgetCheck.Problem(time, new StopBudget(TimeSpan.FromSeconds(17), StopBudgetSource.KubernetesDefault), isSystemdTold: false),
            StringComparison.Ordinal);

        test.ShutdownManager.Configure(shutdown => shutdown.CleanUpTime = TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(33), HostStopTime.Of(options, host, test.ShutdownManager).Total);
        test.ShutdownManager.Configure(shutdown => shutdown.CleanUpTime = Timeout.InfiniteTimeSpan);
        Assert.Null(HostStopTime.Of(options, host, test.ShutdownManager).Total);
    }
}
