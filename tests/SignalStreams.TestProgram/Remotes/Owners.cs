using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that listen without the library: the others in the process who want signals too.</summary>
internal static class Owners
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "registration" => Register,
        "registration-exits" => RegisterExit,
        "keys" => ListenToKeys,
        "host" => StartHost,
        "run-host" => RunHost,
        "foreign" => words => Named.Add(words[0], new ForeignHandler(words[0], ShutdownSignals.Parse(words[1]))),
        _ => null,
    };

    private static void Register(string[] words) =>
        Named.Add(words[0], PosixSignalRegistration.Create(ShutdownSignals.Parse(words[1]).ToPosixSignal(), context =>
        {
            context.Cancel |= Cancels(words[2]);
            Output.Line($"{words[0]} {words[1]}");
        }));

    private static void RegisterExit(string[] words) =>
        Named.Add(words[0], PosixSignalRegistration.Create(ShutdownSignals.Parse(words[1]).ToPosixSignal(), context =>
        {
            context.Cancel = true;
            Output.Line($"{words[0]} exits");
            Environment.Exit(Words.Number(words[2]));
        }));

    private static void ListenToKeys(string[] words)
    {
        ConsoleCancelEventHandler handler = (_, key) =>
        {
            key.Cancel |= Cancels(words[1]);
            Output.Line($"{words[0]} {key.SpecialKey}");
        };
        Console.CancelKeyPress += handler;
        Named.Add(words[0], new Ending(() => Console.CancelKeyPress -= handler));
    }

    private static void StartHost(string[] words)
    {
        var host = Host.CreateEmptyApplicationBuilder(null).Build();
        host.Services.GetLifetime().ApplicationStopping.Register(() => Output.Line($"{words[0]} stopping"));
        host.Start();
        Named.Add(words[0], new Ending(() =>
        {
            host.StopAsync().GetAwaiter().GetResult();
            host.Dispose();
        }));
    }

    private static void RunHost(string[] words)
    {
        using var host = Host.CreateEmptyApplicationBuilder(null).Build();
        host.Services.GetLifetime().ApplicationStarted.Register(() => Output.Line($"{words[0]} started"));
        host.RunAsync(words[1] == "with-token" ? ShutdownManager.Default.StoppingToken : CancellationToken.None).GetAwaiter().GetResult();
        Output.Line($"{words[0]} stopped");
    }

    private static IHostApplicationLifetime GetLifetime(this IServiceProvider services) =>
        (IHostApplicationLifetime)services.GetService(typeof(IHostApplicationLifetime))!;

    private static bool Cancels(string word) => word switch
    {
        "cancel" => true,
        "pass" => false,
        _ => throw new ArgumentException(word),
    };
}
