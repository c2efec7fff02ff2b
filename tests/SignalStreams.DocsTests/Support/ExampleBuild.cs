using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SignalStreams.DocsTests.Support;

/// <summary>Builds examples, each once, and finds the executables.</summary>
internal static partial class ExampleBuild
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<ExampleBuildResult>>> Builds = [];

    // As many as a small machine has cores; each is a compiler.
    private static readonly SemaphoreSlim AtOnce = new(2);

    public static Task<ExampleBuildResult> ResultAsync(string name) =>
        Builds.GetOrAdd(name, _ => new Lazy<Task<ExampleBuildResult>>(() => BuildAsync(name))).Value;

    private static async Task<ExampleBuildResult> BuildAsync(string name)
    {
        await AtOnce.WaitAsync();
        try
        {
            // The library is built already, since this project refers to it: builds that do not touch it can run side by side.
            var start = new ProcessStartInfo("dotnet", ["build", ExampleFile.PathOf(name), "-c", Repository.Configuration, "--no-dependencies", "-v:m", "-nologo"])
            {
                RedirectStandardOutput = true,
                WorkingDirectory = Repository.Root,
            };

            // A build node that lived on would hold our end of the pipe open.
            start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
            using var build = Process.Start(start)!;
            var output = await build.StandardOutput.ReadToEndAsync();
            await build.WaitForExitAsync();
            var assembly = AssemblyPattern().Match(output).Groups["path"].Value;
            return new ExampleBuildResult(build.ExitCode == 0, output, Path.ChangeExtension(assembly, null));
        }
        finally
        {
            AtOnce.Release();
        }
    }

    [GeneratedRegex(@"\.cs -> (?<path>.+\.dll)")]
    private static partial Regex AssemblyPattern();
}
