namespace SignalStreams.ProcessTests;

/// <summary>Waits in a remote child.</summary>
internal static class ShutdownChild
{
    /// <summary>Begins the wait "w", and returns once it listens.</summary>
    /// <remarks>It listens to SIGUSR1 also, after the others: a handler for that one shows that it does, while the runtime has handlers of its own for the others.</remarks>
    public static async Task StartWaitAsync(this ChildProcess child, string wait, string signals) =>
        await child.DoAsync($"{wait} w {signals} SIGUSR1", "handled SIGUSR1");
}
