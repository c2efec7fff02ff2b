using System.Diagnostics;
using System.Reflection;

namespace SignalStreams.Benchmarks.Rolling;

/// <summary>How many requests a rolling restart loses: the plain host against this library, in one run.</summary>
internal static class RollingTable
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

        Console.WriteLine("| host | restarts | requests | failed | of them 4xx and 5xx | socket errors | GET that nginx could not serve | POST |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        await AddAsync("plain", "host=plain");
        await AddAsync("SignalStreams, no drain delay", "drain=0");
        await AddAsync("SignalStreams, drain delay 1 s", "drain=1000");
    }

    private static async Task AddAsync(string name, string setting)
    {
        var programs = typeof(RollingTable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "Programs").Value!;
        var program = Path.Combine(programs, "SignalStreams.HostProgram", "release", "SignalStreams.HostProgram");
        var result = await new RollingRestart(port => new ProcessStartInfo(program, ["Web", $"port={port}", setting])).RunAsync(Restarts, Connections);
        Console.WriteLine($"| {name} | {result.Restarts} | {result.Requests} | {result.Failed} | {result.BadAnswers} | {result.SocketErrors} | {result.FailedReads} | {result.FailedWrites} |");
    }
}
