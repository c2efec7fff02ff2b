using System.Diagnostics;
using System.Reflection;
using ChildStart = SignalStreams.ProcessTests.ChildStart;

namespace ToolTests;

/// <summary>The tool as a real process.</summary>
internal static class Tool
{
    public static string Path { get; } = typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Tool").Value!;

    /// <summary>Starts it; standard output and standard error come together.</summary>
    public static ChildProcess Start(params string[] arguments) => new ChildStart([Path, .. arguments]).Run();

    /// <summary>Starts it on a terminal of its own.</summary>
    public static ChildProcess StartOnTerminal(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new ChildStart([Path, .. arguments]) { Input = ChildInput.Terminal, Environment = environment }.Run();

    /// <summary>Starts it as process 1 of a pid namespace.</summary>
    public static Task<ChildProcess> StartAsInitAsync(params string[] arguments) => PidNamespace.StartAsync(new ChildStart([Path, .. arguments]));

    /// <summary>Starts another program.</summary>
    public static ChildProcess StartOther(params string[] command) => new ChildStart(command).Run();

    /// <summary>Starts another program on a terminal of its own.</summary>
    public static ChildProcess StartOtherOnTerminal(params string[] command) =>
        new ChildStart(command) { Input = ChildInput.Terminal, Environment = new Dictionary<string, string> { ["TERM"] = "dumb" } }.Run();

    /// <summary>Runs it to its end.</summary>
    public static Task<ToolEnd> RunAsync(params string[] arguments) => RunOtherAsync([Path, .. arguments]);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ToolEnd> RunOtherAsync(params string[] command)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(ChildProcess.Limit);
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ToolEnd(process.ExitCode, await output, await error);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
