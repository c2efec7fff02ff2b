using System.Collections.Concurrent;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Where code waits until the test says "release NAME".</summary>
internal static class Gates
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> All = new();

    public static void Wait(string name) => Task(name).Wait();

    public static Task Task(string name) => Of(name).Task;

    public static void Release(string name) => Of(name).SetResult();

    private static TaskCompletionSource Of(string name) => All.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
