namespace SignalStreams.Processes.Tests;

/// <summary>A test that waits fails, and does not hang.</summary>
internal static class Limits
{
    public static Task Within(this Task task) => task.WaitAsync(Starts.Limit);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Starts.Limit);
}
