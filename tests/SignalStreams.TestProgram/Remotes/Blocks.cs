namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands about protected blocks. Those with a body keep the calling thread until the test says "release NAME".</summary>
internal static class Blocks
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "block" => words => Named.Add(words[0], ShutdownProtection.Enter(Limit(words), name: words[0])),
        "block-at-exit" => words => Named.Add(words[0], ShutdownProtection.Enter(Limit(words), runAtExit: true, name: words[0])),
        "break" => words => Break(words[0]),
        "break-uncaught" => words => Named.Get<ShutdownProtection>(words[0]).AllowBreak(),
        "renew" => words => Named.Get<ShutdownProtection>(words[0]).Renew(),
        "cut-off" => words => Named.Get<ShutdownProtection>(words[0]).Token.Register(() => Output.Line($"{words[0]} cut off")),
        "enter" => words => Enter(words[0]),
        "protected" => words => RunAsync(words[0], () => Output.Line($"{words[0]} worked")).GetAwaiter().GetResult(),
        "protected-async" => words => _ = RunAsync(words[0], () => Output.Line($"{words[0]} worked")),
        "protected-fails" => words => RunAsync(words[0], () => throw new InvalidOperationException($"{words[0]} failed")).GetAwaiter().GetResult(),
        "protected-caught" => words => RunCaughtAsync(words[0]).GetAwaiter().GetResult(),
        "protected-rolls-back" => words => RollBackAsync(words[0], Limit(words)).GetAwaiter().GetResult(),
        _ => null,
    };

    private static TimeSpan? Limit(string[] words) => words.Length > 1 ? Words.Seconds(words[1]) : null;

    private static void Break(string name)
    {
        try
        {
            Named.Get<ShutdownProtection>(name).AllowBreak();
            Output.Line($"{name} goes on");
        }
        catch (ShutdownRequestedException e)
        {
            Output.Line($"{name} broken: {e.Kind} {e.Signal?.GetName()}");
        }
    }

    private static void Enter(string name)
    {
        try
        {
            Named.Add(name, ShutdownProtection.Enter(name: name));
            Output.Line($"{name} entered");
        }
        catch (ShutdownImminentException e)
        {
            Output.Line($"{name} refused: {e.State}");
        }
    }

    private static Task RunAsync(string name, Action end) => ShutdownProtection.RunAsync(
        async block =>
        {
            Output.Line($"{name} begun");
            await Gates.Task(name);
            end();
        },
        name: name);

    private static async Task RunCaughtAsync(string name)
    {
        try
        {
            await RunAsync(name, () => Output.Line($"{name} worked"));
            Output.Line($"{name} returned");
        }
        catch (ShutdownRequestedException e)
        {
            Output.Line($"{name} ended: {e.Kind} {e.Signal?.GetName()}");
        }
    }

    private static Task RollBackAsync(string name, TimeSpan? limit) => ShutdownProtection.RunAsync(
        async block =>
        {
            Output.Line($"{name} begun");
            try
            {
                await Task.Delay(Timeout.Infinite, block.Token);
            }
            finally
            {
                Output.Line($"{name} rolls back");
                await Gates.Task(name);
                Output.Line($"{name} rolled back");
            }
        },
        limit,
        name: name);
}
