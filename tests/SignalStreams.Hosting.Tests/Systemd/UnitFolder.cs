using System.Reflection;

namespace SignalStreams.Hosting.Tests;

/// <summary>A folder through which a test tells a service what to do.</summary>
internal sealed class UnitFolder : IDisposable
{
    public UnitFolder()
    {
        Path = Directory.CreateTempSubdirectory("ss-unit-").FullName;
    }

    /// <summary>The program in tests/SignalStreams.HostProgram.</summary>
    public static string HostProgram { get; } =
        typeof(UnitFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "HostProgram").Value!;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text = "") => File.WriteAllText(this[name], text);

    public string Read(string name) => File.Exists(this[name]) ? File.ReadAllText(this[name]) : "";

    public void Delete(string name) => File.Delete(this[name]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
