using System.Reflection;
using System.Runtime.InteropServices;

namespace SignalStreams.ProcessTests;

/// <summary>A trimmed, self-contained program in one file. A warning of the trimmer is an error, and fails the test.</summary>
public sealed class TrimmedProgramTests
{
    private static string Metadata(string key) =>
        typeof(TrimmedProgramTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    [Fact]
    public async Task Every_surface_works_in_a_trimmed_single_file()
    {
        var folder = Directory.CreateTempSubdirectory("signalstreams-trimmed-").FullName;
        try
        {
            await PublishAsync(folder);
            using var child = await ChildProcess.StartReadyAsync(new ChildStart(Path.Combine(folder, "SignalStreams.TrimmedProgram")));
            child.Send(SIGHUP);
            await child.ExpectAllAsync("callback SIGHUP", $"SIGHUP from {Backend.Sender}");
            child.Send(SIGUSR1);
            await child.ExpectAsync($"SIGUSR1 from {Backend.Sender}");
            await child.ExpectAsync("cancelled by SIGUSR2");
            await child.ExpectAsync("running");
            child.Send(SIGTERM);
            await child.AssertEndsAsync(SIGTERM);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PublishAsync(string folder)
    {
        // "unable to find package": the runtime pack for a self-contained program comes from a package source, like any package.
        const string PackageNotFound = "NU1101";
        string[] command =
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "publish", Metadata("TrimmedProgram"), "-c", "Release",
            "-r", RuntimeInformation.RuntimeIdentifier, "-o", folder,

            // Beside the other tests' builds, not among them.
            "--artifacts-path", Path.Combine(folder, "artifacts"), "-nodeReuse:false", "-p:UseSharedCompilation=false",
        ];
        using var publish = new ChildStart(command).Run();
        var status = await publish.WaitForExitAsync(BuildFolder.TimeLimit);
        Assert.SkipWhen(publish.Output.Contains(PackageNotFound, StringComparison.Ordinal), $"NOT RUN: no package source has the runtime pack for {RuntimeInformation.RuntimeIdentifier}.");
        Assert.True(status == ExitStatus.Of(0), publish.Output);
        Assert.DoesNotContain("warning IL", publish.Output, StringComparison.Ordinal);
    }
}
