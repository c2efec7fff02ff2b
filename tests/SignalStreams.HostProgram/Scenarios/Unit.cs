using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.HostProgram.Scenarios;

/// <summary>A service of systemd, told what to do by files in the folder that is the first argument; the second is its drain delay in seconds.</summary>
/// <remarks>It starts once "go" is there, or fails to where "fail" is; a reload ends once "reloaded" is there, and is refused where "bad" is; "sick" makes it unhealthy, "deaf" lets its
/// health check hang.</remarks>
internal static partial class Unit
{
    private static string s_folder = "";

    public static async Task<int> RunAsync(string[] args)
    {
        s_folder = args[0];
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddHostedService<Worker>();
        builder.Services.AddHealthChecks().AddAsyncCheck("files", async () =>
        {
            while (Has("deaf"))
            {
                await Task.Delay(10);
            }

            return Has("sick") ? HealthCheckResult.Unhealthy("it is sick") : HealthCheckResult.Healthy();
        });
        builder.UseSignalStreams(options =>
        {
            options.DrainDelay = TimeSpan.FromSeconds(double.Parse(args[1]));
            options.ValidateReload((_, _) =>
            {
                while (!Has("reloaded"))
                {
                    Thread.Sleep(10);
                }

                return Has("bad") ? ["it is bad"] : [];
            });
        });
        var host = builder.Build();
        var notifier = host.Services.GetRequiredService<SystemdNotifier>();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => notifier.SetStatus("serving"));
        await host.RunAsync();
        return 0;
    }

    private static bool Has(string name) => File.Exists(Path.Combine(s_folder, name));

    [LibraryImport("libc", EntryPoint = "system", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RunShell(string command);

    private sealed class Worker : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            // What a child of the runtime's and a child of native code inherit.
            using (var child = Process.Start(new ProcessStartInfo("env") { RedirectStandardOutput = true })!)
            {
                await File.WriteAllTextAsync(Path.Combine(s_folder, "environment-of-child"), await child.StandardOutput.ReadToEndAsync(cancellationToken), cancellationToken);
            }

            if (RunShell($"env > '{s_folder}/environment-of-native-child'") != 0)
            {
                throw new InvalidOperationException("The shell failed.");
            }

            while (!Has("go"))
            {
                if (Has("fail"))
                {
                    throw new InvalidOperationException("It was told to fail.");
                }

                await Task.Delay(10, cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
