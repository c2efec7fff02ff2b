using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using SignalStreams.ProcessTests;

namespace SignalStreams.DocsTests.Support;

/// <summary>A command that runs at the root of the repository, in the foreground of a terminal of its own.</summary>
internal sealed class TerminalProcess : IDisposable
{
    // Generous: a command may build first, and only a failure uses it up.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly Dictionary<string, string> Surroundings = new()
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",

        // The limits of a shutdown are the same wherever the tests run.
        [StopBudget.EnvironmentVariable] = "infinity",

        // No server of the build is left behind in the terminal, for others to use.
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",

        // A library that is built already stays as it is while other builds read it; that of another configuration is not there yet.
        ["BuildProjectReferences"] = Repository.Configuration == "Debug" ? "false" : "true",
    };

    private readonly Pipes _pipes;
    private readonly ChildOutput _output;
    private readonly int _id;
    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="command">A simple command, as one types it.</param>
    public TerminalProcess(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The terminal is opened by calls and numbers of Linux.");
        _pipes = new Pipes(ChildInput.Terminal);
        try
        {
            _id = Spawner.Spawn(["sh", "-c", $"cd \"$0\" && exec {command}", Repository.Root], Surroundings, _pipes);
        }
        catch
        {
            _pipes.Dispose();
            throw;
        }

        _output = new ChildOutput(_pipes.OutputEnd);
        new Thread(Reap) { IsBackground = true, Name = "terminal reaper" }.Start();
    }

    /// <summary>Reads on to the first line that contains a text.</summary>
    public async Task LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var line in _output.Lines.ReadAllAsync(limit.Token))
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The failure below says more.
        }

        throw new InvalidOperationException($"No line with '{text}'. The terminal shows:\n{_output}");
    }

    /// <summary>Types at the terminal; Ctrl-C is U+0003.</summary>
    public unsafe void Type(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            if (LibC.Write(_pipes.InputEnd, start, bytes.Length) != bytes.Length)
            {
                throw new Win32Exception();
            }
        }
    }

    public Task<ExitStatus> EndAsync() => _ended.Task.WaitAsync(Patience);

    public void Dispose()
    {
        if (!_ended.Task.IsCompleted)
        {
            KillGroup();
        }

        // Neither can fail to come: everything in the terminal is dead.
        _ended.Task.GetAwaiter().GetResult();
        _output.Ended.GetAwaiter().GetResult();
        _pipes.Dispose();
    }

    // What the command has left behind ends with it. Until it is reaped nobody else can have its id.
    private unsafe void Reap()
    {
        var information = stackalloc byte[LibC.OpaqueSize];
        while (LibC.WaitId(LibC.IdIsProcess, _id, information, LibC.WaitExited | LibC.WaitNoReap) != 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
        {
        }

        KillGroup();
        int status;
        LibC.Checked(LibC.WaitPid(_id, &status, 0), "waitpid");
        _ended.SetResult(ExitStatus.FromWait(status));
    }

    private void KillGroup() => _ = LibC.Kill(-_id, SIGKILL.GetNumber());
}
