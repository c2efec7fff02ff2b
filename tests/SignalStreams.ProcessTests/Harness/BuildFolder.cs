namespace SignalStreams.ProcessTests;

/// <summary>Where the packages of several tests are built, each project once: beside the builds of the solution, not among them.</summary>
public sealed class BuildFolder : IDisposable
{
    /// <summary>How long a build may take. Two minutes would do, but two processors may be shared with other builds and with tests that use all of them.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(15);

    public string Path { get; } = Directory.CreateTempSubdirectory("signalstreams-build-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
