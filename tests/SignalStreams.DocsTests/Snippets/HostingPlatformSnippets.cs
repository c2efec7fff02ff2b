using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class HostingPlatformSnippets : SnippetTests
{
    [Fact]
    public async Task Watchdog_is_tied_to_chosen_checks()
    {
        #region Watchdog_is_tied_to_chosen_checks
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddHealthChecks().AddCheck<ConsumerCheck>("consumer", tags: ["live"]);
        builder.UseSignalStreams(o => o.WatchdogChecks = check => check.Tags.Contains("live"));
        #endregion

        await using var test = new TestSignalHub();
        builder.UseSignalStreams(o => o.Hub = test.Hub);
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task Program_tells_its_own_status()
    {
        await using var test = new TestSignalHub();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseSignalStreams(o => o.Hub = test.Hub);
        builder.Services.AddSingleton<Importer>();
        using var host = builder.Build();
        host.Services.GetRequiredService<Importer>().Import(2);
    }

    private sealed class ConsumerCheck : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(HealthCheckResult.Healthy());
    }

    #region Program_tells_its_own_status
    internal sealed class Importer(SystemdNotifier systemd)
    {
        public void Import(int files)
        {
            for (var i = 1; i <= files; i++)
            {
                systemd.SetStatus($"importing file {i} of {files}");    // what systemctl status shows
            }

            systemd.Notify("STATUS=all imported\nX_FILES=" + files);    // any assignment of sd_notify(3), or your own
        }
    }
    #endregion
}
