namespace SignalStreams.Hosting.Tests.Reload;

/// <summary>A folder with a file of a configuration, for the length of a test.</summary>
internal sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reload");

    public string Path => _folder.FullName;

    /// <summary>Puts a file in place of the old one, whole.</summary>
    public void Write(string name, string text)
    {
        var next = System.IO.Path.Combine(Path, $".{name}.next");
        File.WriteAllText(next, text);
        File.Move(next, System.IO.Path.Combine(Path, name), overwrite: true);
    }

    public void Delete(string name) => File.Delete(System.IO.Path.Combine(Path, name));

    public void Dispose() => _folder.Delete(recursive: true);
}
