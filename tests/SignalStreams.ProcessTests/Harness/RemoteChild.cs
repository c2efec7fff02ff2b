namespace SignalStreams.ProcessTests;

/// <summary>The scenario "Remote": a child that does what the test tells it to.</summary>
internal static class RemoteChild
{
    public static Task<ChildProcess> StartAsync(params string[] prefix) =>
        ChildProcess.StartReadyAsync(ChildStart.Scenario("Remote") with { Input = ChildInput.Pipe, Prefix = prefix });

    /// <summary>Has the child do some things, and waits until they are done.</summary>
    public static async Task DoAsync(this ChildProcess child, params string[] commands)
    {
        foreach (var command in commands)
        {
            child.Tell(command);
            await child.ExpectAsync("ok");
        }
    }

    /// <summary>Has the child do a thing, and waits until it is done and what it sets off has been printed, in whatever order.</summary>
    public static Task DoAndExpectAsync(this ChildProcess child, string command, params string[] lines)
    {
        child.Tell(command);
        return child.ExpectAllAsync(["ok", .. lines]);
    }

    /// <summary>Has the child do a thing that may be its last.</summary>
    public static void Tell(this ChildProcess child, string command) => child.Type(command + "\n");

    /// <summary>Proves that it lives and listens to commands still, and lets it end.</summary>
    public static async Task AssertLivesAsync(this ChildProcess child)
    {
        await child.DoAsync("attempts 0");
        await child.EndAsync();
    }

    /// <summary>Lets it end by an exit code of its own, which nothing else gives.</summary>
    public static async Task EndAsync(this ChildProcess child)
    {
        child.Tell("exit 42");
        await child.AssertEndsAsync(42);
    }
}
