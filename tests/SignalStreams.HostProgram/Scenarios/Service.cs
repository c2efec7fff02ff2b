using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SignalStreams.HostProgram.Scenarios;

/// <summary>A worker service, by arguments KEY=VALUE.</summary>
internal static class Service
{
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = args.Select(arg => arg.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var manager = settings.GetValueOrDefault("manager");
        if (manager == "armed")
        {
            // A token that a service of its own watches, and clean-up of the process.
            _ = ShutdownManager.Default.StoppingToken;
            ExitHandlers.Register(() => Line.Write("exit handler"));
        }

        using var block = manager == "block" ? ShutdownProtection.Enter() : null;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton<IHostedService>(new Worker("first", "", settings.GetValueOrDefault("stop")));
        builder.Services.AddSingleton<IHostedService>(new Worker("second", settings.GetValueOrDefault("start"), ""));
        builder.Services.AddSingleton<IHostedService>(new Worker("third", "", ""));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.UseSignalStreams(options =>
        {
            options.CheckBudget = false;
            options.DrainDelay = TimeSpan.FromMilliseconds(int.Parse(settings.GetValueOrDefault("drain", "0")));
            options.ExitStatus = settings.GetValueOrDefault("status") switch
            {
                null => options.ExitStatus,
                "signal" => ExitStatusPolicy.BySignal,
                "shell" => ExitStatusPolicy.ShellCode,
                var code => ExitStatusPolicy.Code(int.Parse(code)),
            };
            options.On(SIGUSR1, async (services, token) =>
            {
                Line.Write($"usr1 {services.GetRequiredService<HostShutdown>().Phase}");
                await Task.Yield();
            });
        });

        var host = builder.Build();
        var shutdown = host.Services.GetRequiredService<HostShutdown>();
        shutdown.DrainingToken.Register(() =>
        {
            Line.Write("draining");
            if (manager == "block")
            {
                Thread.Sleep(300);
                Line.Write("block ends");
                block!.Dispose();
            }
        });
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Line.Write("ready"));
        using var rival = Rival(settings.GetValueOrDefault("rival"));
        if (settings.GetValueOrDefault("main") == "returns")
        {
            // It waits for the signal, and forgets to stop the host.
            await host.StartAsync();
            await Task.Delay(Timeout.Infinite, shutdown.DrainingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }

        await host.RunAsync();
        Line.Write("main returns");
        if (settings.GetValueOrDefault("rival") == "code")
        {
            // The later of two exits decides the code, so this one does not come.
            await Task.Delay(Timeout.Infinite);
        }

        return 0;
    }

    private static PosixSignalRegistration? Rival(string? kind)
    {
        switch (kind)
        {
            case "registration":
                return PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(0));
            case "code":
                return PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(9));
            case "console":
                Console.CancelKeyPress += (_, _) => Environment.Exit(0);
                return null;
            default:
                return null;
        }
    }

    private sealed class Worker(string name, string? start, string? stop) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            Line.Write($"{name} starts");
            if (start == "hang")
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            Line.Write($"{name} stops");
            switch (stop)
            {
                case "wait":
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    break;
                case "hang":
                    // With all threads of the pool, and any that the pool may add for a while.
                    for (var i = 0; i < 200; i++)
                    {
                        ThreadPool.UnsafeQueueUserWorkItem(_ => Thread.Sleep(Timeout.Infinite), null);
                    }

                    Thread.Sleep(Timeout.Infinite);
                    break;
                case { Length: > 0 }:
                    await Task.Delay(int.Parse(stop), CancellationToken.None);
                    break;
            }

            Line.Write($"{name} stopped");
        }
    }
}
