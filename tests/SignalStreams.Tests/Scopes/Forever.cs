namespace SignalStreams.Tests.Scopes;

/// <summary>Waits that only a token ends.</summary>
internal static class Forever
{
    public static Task WaitAsync(CancellationToken token) => Task.Delay(Timeout.Infinite, token);

    /// <summary>Ends when it is told to, whatever its token says.</summary>
    public static Func<CancellationToken, Task> Ignoring(TaskCompletionSource end) => _ => end.Task;
}
