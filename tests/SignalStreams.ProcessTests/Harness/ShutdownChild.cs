namespace SignalStreams.ProcessTests;

/// <summary>Waits in a remote child.</summary>
internal static class ShutdownChild
{
    /// <summary>Begins the wait "w", and returns once it listens.</summary>
    public static async Task StartWaitAsync(this ChildProcess child, string wait, string signals) =>
        await child.DoAsync($"{wait} w {signals}", $"listening {signals.Split(' ')[^1]}");
}
