using System.Diagnostics;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that register exit handlers. Each prints "handler NAME" when it runs, and what is special about it.</summary>
internal static class Handlers
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "handler" => words => Array.ForEach(words, name => Add(name, () => { })),
        "handler-context" => words => Named.Add(words[0], ExitHandlers.Register(context => Output.Line($"handler {words[0]}: {context.Cause} {context.Signal?.GetName()}{context.Exception?.Message}"))),
        "handler-throws" => words => Add(words[0], () => throw new InvalidOperationException($"{words[0]} failed")),
        "handler-waits" => words => Add(words[0], () => Wait(words[0]), Timeout.InfiniteTimeSpan),
        "handler-hangs" => words => Add(words[0], () => Thread.Sleep(Timeout.Infinite), Words.Seconds(words[1])),
        "handler-wants-lock" => words => Add(words[0], Hangs.TakeLock, Words.Seconds(words[1])),
        "handler-exits" => words => Add(words[0], () => Environment.Exit(Words.Number(words[1])), Words.Seconds(words[2])),
        "handler-exits-async" => words => AddAsync(words[0], () => ExitAsync(Words.Number(words[1])), Words.Seconds(words[2])),
        "handler-delays" => words => AddAsync(words[0], () => Task.Delay(20)),
        "handler-yields" => words => AddAsync(words[0], YieldAsync),
        "handler-registers" => words => Add(words[0], () => Add(words[1], () => { })),
        "handler-unregisters" => words => Add(words[0], () => Array.ForEach(words, Named.Dispose)),
        "handler-starts" => words => Add(words[0], () => Start(words[1], words[2..])),
        "handler-enters" => words => Add(words[0], () => Named.Add($"{words[0]}-block", ShutdownProtection.Enter(runAtExit: true))),
        "handler-sets-code" => words => Add(words[0], () => Environment.ExitCode = Words.Number(words[1])),
        _ => null,
    };

    private static void Add(string name, Action rest, TimeSpan? limit = null) => Named.Add(name, ExitHandlers.Register(
        () =>
        {
            Output.Line($"handler {name}");
            rest();
        },
        timeLimit: limit,
        name: name));

    // What follows is printed only if all of it has run.
    private static void AddAsync(string name, Func<Task> rest, TimeSpan? limit = null) => Named.Add(name, ExitHandlers.Register(
        async () =>
        {
            Output.Line($"handler {name}");
            await rest();
            Output.Line($"{name} done");
        },
        timeLimit: limit,
        name: name));

    private static void Wait(string name)
    {
        Gates.Wait(name);
        Output.Line($"{name} done");
    }

    private static async Task ExitAsync(int code)
    {
        await Task.Yield();
        Environment.Exit(code);
    }

    private static async Task YieldAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            await Task.Yield();
        }
    }

    private static void Start(string program, string[] arguments)
    {
        using var child = Process.Start(program, arguments);
        child.WaitForExit();
        Output.Line($"{program} exited {child.ExitCode}");
    }
}
