using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SignalStreams.HostProgram.Scenarios;

/// <summary>A service whose configuration is in a folder: settings.json, with a number in Limits:Most that must be less than a million.</summary>
internal static class Reload
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = args[0] });
        builder.Configuration.AddJsonFile("settings.json", optional: false, reloadOnChange: false);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddOptions<Limits>().BindConfiguration("Limits").Validate(limits => limits.Most < 1_000_000, "Most must be less than a million");
        builder.UseSignalStreams(options =>
        {
            options.CheckBudget = false;
            options.ValidateReload<Limits>("Limits");
        });
        var host = builder.Build();
        var monitor = host.Services.GetRequiredService<IOptionsMonitor<Limits>>();
        monitor.OnChange(limits => Line.Write($"most {limits.Most}"));
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Line.Write("ready"));
        await host.RunAsync();
        Line.Write($"at the end {monitor.CurrentValue.Most}");
        return 0;
    }

    private sealed class Limits
    {
        public int Most { get; set; }
    }
}
