namespace SignalStreams.DocsTests.Support;

/// <summary>How the build of an example went.</summary>
internal sealed record ExampleBuildResult(bool Succeeded, string Output, string Executable);
