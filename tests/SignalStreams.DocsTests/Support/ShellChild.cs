using System.Diagnostics;

namespace SignalStreams.DocsTests.Support;

/// <summary>A shell for snippets to stop, which goes on until it is stopped. Whatever comes of the snippet, it is gone after the test.</summary>
internal sealed class ShellChild : IDisposable
{
    private ShellChild(Process process) => Process = process;

    public Process Process { get; }

    public int Id => Process.Id;

    /// <summary>Starts it, and waits until its traps are set.</summary>
    /// <param name="traps">What the shell does first.</param>
    public static async Task<ShellChild> StartAsync(string traps = ":")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows sends no signals to another process.");

        // Whoever runs the tests under nohup or in the background of a shell has signals ignored, and a child inherits that. The pid stays the same.
        string[] shell = ["sh", "-c", $"{traps}\necho ready; while :; do sleep 0.1; done"];
        var start = OperatingSystem.IsLinux() ? new ProcessStartInfo("env", ["--default-signal", .. shell]) : new ProcessStartInfo(shell[0], shell[1..]);
        start.RedirectStandardOutput = true;
        var child = new ShellChild(Process.Start(start)!);
        Assert.Equal("ready", await child.LineAsync());
        return child;
    }

    public Task<string?> LineAsync() => Process.StandardOutput.ReadLineAsync().WithLimit();

    public void Dispose()
    {
        Process.Kill(entireProcessTree: true);
        Process.Dispose();
    }
}
