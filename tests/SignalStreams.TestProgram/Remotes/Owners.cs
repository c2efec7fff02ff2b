using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that listen without the library: the others in the process who want signals too.</summary>
internal static class Owners
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "registration" => Register,
        "keys" => ListenToKeys,
        "host" => StartHost,
        "foreign" => words => Named.Add(words[0], new ForeignHandler(words[0], ShutdownSignals.Parse(words[1]))),
        _ => null,
    };

    private static void Register(string[] words) =>
        Named.Add(words[0], PosixSignalRegistration.Create(ShutdownSignals.Parse(words[1]).ToPosixSignal(), context =>
        {
            context.Cancel |= Cancels(words[2]);
            Output.Line($"{words[0]} {words[1]}");
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

    private static IHostApplicationLifetime GetLifetime(this IServiceProvider services) =>
        (IHostApplicationLifetime)services.GetService(typeof(IHostApplicationLifetime))!;

    private static bool Cancels(string word) => word switch
    {
        "cancel" => true,
        "pass" => false,
        _ => throw new ArgumentException(word),
    };
}
