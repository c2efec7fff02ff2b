using System.Diagnostics;
using System.Reflection;

namespace SignalStreams.ProcessTests.Native;

/// <summary>The signal handler in C by itself.</summary>
public sealed class RelayTests
{
    private const string Compiler = "cc";

    private static string Metadata(string key) =>
        typeof(RelayTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    [Theory]
    [InlineData("address")]
    [InlineData("undefined")]
    [InlineData("thread")]
    public async Task Handler_and_ring_pass_their_own_test_under_a_sanitizer(string sanitizer)
    {
        Assert.SkipUnless(Backend.IsNative, "The portable source has no handler of its own.");
        var program = Path.GetTempFileName();
        try
        {
            string[] build = ["-g", "-O1", $"-fsanitize={sanitizer}", "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program, Metadata("RelayTest")];
            var (code, output) = await RunAsync(Compiler, build);
            Assert.True(code == 0, output);
            (code, output) = await RunAsync(program);
            Assert.True(code == 0, output);
            Assert.Equal("ok", output.Trim());
        }
        finally
        {
            File.Delete(program);
        }
    }

    [Theory]
    [InlineData("clang-tidy", "--warnings-as-errors=*", "{relay}", "--", "-std=c11", "-ffreestanding")]
    [InlineData("cppcheck", "--enable=warning,performance,portability", "--error-exitcode=1", "--quiet", "{relay}")]
    public async Task Handler_is_clean_for_the_analyzers(string analyzer, params string[] arguments)
    {
        Assert.SkipUnless(Backend.IsNative, "The portable source has no handler of its own.");
        Assert.SkipUnless(IsInstalled(analyzer), $"{analyzer} is not installed.");
        var (code, output) = await RunAsync(analyzer, [.. arguments.Select(argument => argument.Replace("{relay}", Metadata("Relay"), StringComparison.Ordinal))]);
        Assert.True(code == 0, output);
    }

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
