using System.Diagnostics;

namespace SignalStreams.WineTests;

/// <summary>Where there is no Wine everybody is told so.</summary>
public sealed class LoudSkipTests : IDisposable
{
    private readonly string _folder;

    public LoudSkipTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Wine runs the Windows suite on Linux; Windows runs it natively.");
        _folder = Directory.CreateTempSubdirectory("ci").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Directory.CreateDirectory(Path.Combine(_folder, ".ci"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Script_without_Wine_ends_with_70_and_the_remedy()
    {
        Link("bash", "dirname");
        var (status, output) = await RunAsync(Path.Combine(WineRun.Root, "tests", "SignalStreams.WineTests", "wine-run"), "--prepare");
        Assert.Equal(WineRun.CannotRun, status);
        Assert.Contains("NOT RUN: wine is not installed (Debian and Ubuntu: apt-get install wine).", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Under Wine: THE WINDOWS SUITE WAS SKIPPED.")]
    [InlineData("80 0 1", "Under Wine: 80 passed, 0 failed, 1 skipped")]
    public async Task Check_of_the_project_counts_what_ran_under_Wine_or_says_that_nothing_did(string counts, string line)
    {
        MakeCheck(counts, "  failed: 0\n  succeeded: 12\n  skipped: 3", status: 0);
        var (status, output) = await RunAsync(Path.Combine(_folder, ".ci", "run"));
        Assert.Equal(0, status);
        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.EndsWith("\n12 passed, 0 failed, 3 skipped\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  failed: 2\n  succeeded: 12\n  skipped: 3", 2, "12 passed, 2 failed, 3 skipped")]
    [InlineData("it does not build", 1, "0 passed, 1 failed, 0 skipped")]
    public async Task Check_of_the_project_fails_with_its_tests(string summary, int testStatus, string line)
    {
        MakeCheck("", summary, testStatus);
        var (status, output) = await RunAsync(Path.Combine(_folder, ".ci", "run"));
        Assert.Equal(1, status);
        Assert.EndsWith($"\n{line}\n", output, StringComparison.Ordinal);
    }

    // The script itself, in a folder of its own, on a machine that has all that it would install, and tests that end as they are told.
    private void MakeCheck(string counts, string summary, int status)
    {
        File.Copy(Path.Combine(WineRun.Root, ".ci", "run"), Path.Combine(_folder, ".ci", "run"));
        Link("bash", "dirname", "rm", "mktemp", "tee", "sed", "tail", "awk", "cat", "mkdir");
        foreach (var installed in (string[])["wine", "x86_64-w64-mingw32-gcc", "cc", "unshare", "nginx", "wrk"])
        {
            Write(installed, "");
        }

        var leave = counts.Length == 0 ? "" : $"mkdir -p artifacts/wine/results; echo '{counts}' >artifacts/wine/results/some.counts";
        Write("dotnet", $"{leave}\necho '{summary}'\nexit {status}");
    }

    private void Link(params string[] programs)
    {
        foreach (var program in programs)
        {
            var file = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(_folder, "bin", program), file);
        }
    }

    private void Write(string program, string script)
    {
        var file = Path.Combine(_folder, "bin", program);
        File.WriteAllText(file, $"#!/usr/bin/env bash\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private async Task<(int Status, string Output)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["bash", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = Path.Combine(_folder, "bin");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
