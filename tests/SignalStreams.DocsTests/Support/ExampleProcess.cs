using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace SignalStreams.DocsTests.Support;

/// <summary>An example that runs: real signals go to it, and its lines and its exit code come back.</summary>
internal sealed partial class ExampleProcess : IDisposable
{
    // Generous: it is only ever used up by a failure.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];
    private readonly Process _process;

    private ExampleProcess(Process process)
    {
        _process = process;
        _ = PumpAsync();
    }

    public static async Task<ExampleProcess> StartAsync(string name, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no signals to another process.");
        var build = await ExampleBuild.ResultAsync(name);
        Assert.True(build.Succeeded, build.Output);

        // Whoever runs the tests under nohup or in the background of a shell has signals ignored, and a child inherits that. The pid stays the same.
        var start = OperatingSystem.IsLinux() ? new ProcessStartInfo("env", ["--default-signal", build.Executable, .. arguments]) : new ProcessStartInfo(build.Executable, arguments);

        // In a container the limits of a shutdown are shorter, and what is tested is not the machine that the tests run on.
        start.Environment[StopBudget.EnvironmentVariable] = "infinity";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new ExampleProcess(Process.Start(start)!);
    }

    public int Id => _process.Id;

    /// <summary>What has been read so far.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>Reads on to the first line that contains a text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                _seen.Add(line);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The failure below says more.
        }

        throw new InvalidOperationException($"No line with '{text}'. The program wrote:\n{string.Join('\n', _seen)}");
    }

    public void Kill(ShutdownSignal signal) => Assert.Equal(0, Kill(Id, signal.GetNumber()));

    public void PressEnter() => _process.StandardInput.WriteLine();

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code, which is 128+n also for an end by signal n, and the lines that nobody has read.</returns>
    public async Task<(int Code, string[] Unread)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        var rest = await _lines.Reader.ReadAllAsync(limit.Token).ToArrayAsync(limit.Token);
        _seen.AddRange(rest);
        return (_process.ExitCode, rest);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
        _lines.Writer.Complete();
    }

    private async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
