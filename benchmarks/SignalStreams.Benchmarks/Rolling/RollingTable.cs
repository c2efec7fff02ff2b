using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SignalStreams.Benchmarks.Rolling;

/// <summary>How many requests a rolling restart loses: the plain host against this library, in one run.</summary>
internal static partial class RollingTable
{
    private const int Restarts = 20;
    private const int Connections = 32;

    public static async Task RunAsync()
    {
        if (RollingRestart.Missing is { } missing)
        {
            Console.WriteLine(missing);
            return;
        }

        var sample = await BuildSampleAsync();
        Console.WriteLine("| host | restarts | requests | failed | of them 4xx and 5xx | socket errors | GET that nginx could not serve | POST |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        await AddAsync("plain", port => Program(port, "host=plain"));
        await AddAsync("SignalStreams, no drain delay", port => Program(port, "drain=0"));
        await AddAsync("SignalStreams, drain delay 1 s", port => Program(port, "drain=1000"));
        await AddAsync("the sample service, drain delay 1 s", port => new ProcessStartInfo(sample, [
            string.Create(CultureInfo.InvariantCulture, $"--urls=http://127.0.0.1:{port}"), "--Shutdown:DrainDelay=00:00:01"]));
    }

    private static async Task AddAsync(string name, Func<int, ProcessStartInfo> instance)
    {
        var result = await new RollingRestart(instance).RunAsync(Restarts, Connections);
        Console.WriteLine($"| {name} | {result.Restarts} | {result.Requests} | {result.Failed} | {result.BadAnswers} | {result.SocketErrors} | {result.FailedReads} | {result.FailedWrites} |");
    }

    private static ProcessStartInfo Program(int port, string setting) => new(
        Path.Combine(Programs(), "SignalStreams.HostProgram", "release", "SignalStreams.HostProgram"), ["Web", string.Create(CultureInfo.InvariantCulture, $"port={port}"), setting]);

    private static async Task<string> BuildSampleAsync()
    {
        var source = Path.GetFullPath(Path.Combine(Programs(), "..", "..", "docs", "examples", "service", "service.cs"));
        var start = new ProcessStartInfo("dotnet", ["build", source, "-c", "Release", "-v:m", "-nologo"]) { RedirectStandardOutput = true };

        // A build node that lived on would hold our end of the pipe open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        var assembly = AssemblyPattern().Match(output).Groups["path"].Value;
        return build.ExitCode == 0 && assembly.Length > 0 ? Path.ChangeExtension(assembly, null) : throw new InvalidOperationException(output);
    }

    private static string Programs() => typeof(RollingTable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Programs").Value!;

    [GeneratedRegex(@"\.cs -> (?<path>.+\.dll)")]
    private static partial Regex AssemblyPattern();
}
