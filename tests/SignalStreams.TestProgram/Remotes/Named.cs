using System.Collections.Concurrent;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>What commands opened, by name; held until it is taken. Handlers of signals and exit handlers use it too, on their threads.</summary>
internal static class Named
{
    private static readonly ConcurrentDictionary<string, IDisposable> Things = new();

    public static void Add(string name, IDisposable thing)
    {
        if (!Things.TryAdd(name, thing))
        {
            throw new ArgumentException(name);
        }
    }

    public static T Get<T>(string name) => (T)Things[name];

    public static void Dispose(string name)
    {
        Things.TryRemove(name, out var thing);
        thing!.Dispose();
    }
}
