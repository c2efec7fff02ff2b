namespace SignalStreams.TestProgram.Remotes;

/// <summary>What commands opened, by name; held until it is taken.</summary>
internal static class Named
{
    private static readonly Dictionary<string, IDisposable> Things = [];

    public static void Add(string name, IDisposable thing) => Things.Add(name, thing);

    public static T Get<T>(string name) => (T)Things[name];

    public static void Dispose(string name)
    {
        Things.Remove(name, out var thing);
        thing!.Dispose();
    }
}
