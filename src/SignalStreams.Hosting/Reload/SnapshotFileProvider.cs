using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace SignalStreams;

/// <summary>One file as it was read once: what was checked is what is loaded, whatever happens to the file meanwhile.</summary>
internal sealed class SnapshotFileProvider : IFileProvider
{
    private readonly IFileProvider _files;
    private readonly string _path;
    private readonly IFileInfo _snapshot;

    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public SnapshotFileProvider(IFileProvider files, string path)
    {
        _files = files;
        _path = path;
        _snapshot = Read(files.GetFileInfo(path));
    }

    public IFileInfo GetFileInfo(string subpath) => subpath == _path ? _snapshot : _files.GetFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) => _files.GetDirectoryContents(subpath);

    public IChangeToken Watch(string filter) => _files.Watch(filter);

    private static IFileInfo Read(IFileInfo file)
    {
        if (!file.Exists)
        {
            return file;
        }

        using var stream = file.CreateReadStream();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return new Snapshot(file, content.ToArray());
    }

    private sealed class Snapshot(IFileInfo file, byte[] content) : IFileInfo
    {
        public bool Exists => true;

        public long Length => content.Length;

        // None: who has a path opens the file itself.
        public string? PhysicalPath => null;

        public string Name => file.Name;

        public DateTimeOffset LastModified => file.LastModified;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => new MemoryStream(content, writable: false);
    }
}
