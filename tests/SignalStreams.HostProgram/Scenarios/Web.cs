using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.HostProgram.Scenarios;

/// <summary>A web application, by arguments KEY=VALUE: drain in milliseconds, port, host=plain for one without this library, settings for a file with a Value.</summary>
internal static class Web
{
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = args.Select(arg => arg.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var port = int.Parse(settings.GetValueOrDefault("port", "0"), CultureInfo.InvariantCulture);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRouting();
        builder.Services.AddHealthChecks();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        if (settings.TryGetValue("settings", out var file))
        {
            builder.Configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
        }

        var isPlain = settings.GetValueOrDefault("host") == "plain";
        if (!isPlain)
        {
            builder.UseSignalStreams(options =>
            {
                options.CheckBudget = false;
                options.DrainDelay = TimeSpan.FromMilliseconds(int.Parse(settings.GetValueOrDefault("drain", "0"), CultureInfo.InvariantCulture));
            });
            builder.Services.AddRequestDraining();
        }

        var app = builder.Build();
        app.MapGet("/hello", () => "hello");
        app.MapGet("/value", (IConfiguration configuration) => configuration["Value"] ?? "");
        app.MapPost("/hello", () => "posted");
        app.MapGet("/wait/{milliseconds:int}", async (int milliseconds) =>
        {
            Line.Write("waits");
            await Task.Delay(milliseconds);
            return "waited";
        });
        if (isPlain)
        {
            app.MapHealthChecks("/readyz");
        }
        else
        {
            app.MapReadiness("/readyz");
            app.Services.GetRequiredService<HostShutdown>().DrainingToken.Register(() => Line.Write("draining"));
        }

        app.Lifetime.ApplicationStopping.Register(() => Line.Write("stopping"));
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            Line.Write($"listens {app.Urls.Single()}");
            Line.Write("ready");
        });
        await app.RunAsync();
        return 0;
    }
}
