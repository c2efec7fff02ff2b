using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace SignalStreams.ProcessTests;

/// <summary>A real process that a test sends real signals to.</summary>
/// <remarks>
/// Not <see cref="System.Diagnostics.Process"/>: that reports an end by a signal as exit code 128+n, and hands on the test runner's own
/// dispositions. Disposing kills the process and all that it started.
/// </remarks>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>How long a test waits for what must happen; far more than it takes on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ChildStart _start;
    private readonly Pipes _pipes;
    private readonly ChildOutput _output;
    private readonly Lock _reaping = new();
    private readonly TaskCompletionSource<ExitStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReaped;

    public ChildProcess(ChildStart start)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Child processes are started, watched and signalled here by calls and numbers of Linux.");
        _start = start;
        _pipes = new Pipes(start.Input);
        try
        {
            Id = Spawner.Spawn([.. start.Prefix, .. start.Command], start.Environment, _pipes);
        }
        catch
        {
            _pipes.Dispose();
            throw;
        }

        _output = new ChildOutput(_pipes.OutputEnd);
        new Thread(Reap) { IsBackground = true, Name = "child reaper" }.Start();
        _pipes.CloseChildEnds();
    }

    /// <summary>The id of the process that was started, which leads its process group.</summary>
    public int Id { get; }

    /// <summary>Everything that it has printed so far.</summary>
    public string Output => _output.ToString();

    /// <summary>Starts a scenario of the test program.</summary>
    public static ChildProcess Start(string scenario, params string[] arguments) => ChildStart.Scenario(scenario, arguments).Run();

    /// <summary>Starts a scenario and waits until it says that it is ready.</summary>
    public static async Task<ChildProcess> StartReadyAsync(string scenario, params string[] arguments) =>
        await StartReadyAsync(ChildStart.Scenario(scenario, arguments));

    /// <inheritdoc cref="StartReadyAsync(string, string[])"/>
    public static Task<ChildProcess> StartReadyAsync(ChildStart start) => start.Run().AfterAsync(child => child.ExpectAsync("ready"));

    /// <summary>Gives the child once something is done with it; if that fails, the child is killed.</summary>
    public async Task<ChildProcess> AfterAsync(Func<ChildProcess, Task> preparation)
    {
        try
        {
            await preparation(this);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads until a line is the given one; those before it are passed over.</summary>
    public Task ExpectAsync(string line) => ExpectAsync(candidate => candidate == line, $"print '{line}'");

    /// <summary>Reads until a line begins with the text, and gives the rest of it.</summary>
    public async Task<string> ExpectRestAsync(string start) =>
        (await ExpectAsync(line => line.StartsWith(start, StringComparison.Ordinal), $"print a line that begins with '{start}'"))[start.Length..];

    /// <summary>Reads the next line, which must be the given one.</summary>
    public async Task ExpectNextAsync(string line)
    {
        var next = await ExpectAsync(_ => true, $"print '{line}' next");
        if (next != line)
        {
            Assert.Fail($"The child should have printed '{line}' next, and printed '{next}'. {Describe()}");
        }
    }

    /// <summary>Reads until all of some lines have come, in whatever order.</summary>
    public async Task ExpectAllAsync(params string[] lines)
    {
        var missing = lines.ToList();
        while (missing.Count > 0)
        {
            missing.Remove(await ExpectAsync(missing.Contains, $"print '{string.Join("', '", missing)}'"));
        }
    }

    /// <summary>Waits for a condition that the child prints nothing of.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                Assert.Fail($"The child should {what} within {Limit}. {Describe()}");
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for the end, and until all that the child printed has been read.</summary>
    public async Task<ExitStatus> WaitForExitAsync(TimeSpan? limit = null)
    {
        try
        {
            var status = await _ended.Task.WaitAsync(limit ?? Limit, TestContext.Current.CancellationToken);
            await _output.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken);
            return status;
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The child, and whatever holds its output, should have ended within {limit ?? Limit}. {Describe()}");
            throw;
        }
    }

    /// <summary>Waits for the end, which must be by the signal.</summary>
    public Task AssertEndsAsync(ShutdownSignal signal) => AssertEndsAsync(ExitStatus.Of(signal));

    /// <summary>Waits for the end, which must be with the exit code.</summary>
    public Task AssertEndsAsync(int code) => AssertEndsAsync(ExitStatus.Of(code));

    /// <summary>Sends a signal with kill(2).</summary>
    public void Send(ShutdownSignal signal) => SendTo(Id, signal);

    /// <summary>Sends a signal to the whole process group, as a terminal does at Ctrl-C.</summary>
    public void SendToGroup(ShutdownSignal signal) => SendTo(-Id, signal);

    /// <summary>Sends a signal with a value, by sigqueue(3).</summary>
    /// <returns>False when the kernel's queue is full.</returns>
    public bool Queue(ShutdownSignal signal, int value)
    {
        const int TryAgain = 11;
        lock (_reaping)
        {
            AssertAlive();
            return LibC.Queue(Id, signal.GetNumber(), value) == 0 ? true
                : Marshal.GetLastPInvokeError() == TryAgain ? false
                : throw new Win32Exception();
        }
    }

    /// <summary>Sends a signal to one of the processes that the child started.</summary>
    public void SendTo(int process, ShutdownSignal signal)
    {
        lock (_reaping)
        {
            AssertAlive();
            if (LibC.Kill(process, signal.GetNumber()) != 0)
            {
                throw new Win32Exception();
            }
        }
    }

    /// <summary>Writes to the child's standard input, or types at its terminal (Ctrl-C is U+0003).</summary>
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

    /// <summary>Ends the child's standard input.</summary>
    public void CloseInput() => _pipes.CloseInput();

    /// <summary>Whether the child's terminal echoes what is typed.</summary>
    public unsafe bool TerminalEchoes
    {
        get
        {
            // struct termios on Linux: four 32-bit flag words, the last of them c_lflag.
            const int LocalFlags = 3;
            const uint Echo = 8;
            var attributes = stackalloc byte[LibC.OpaqueSize];
            LibC.Checked(LibC.GetTerminal(_pipes.OutputEnd, attributes), "tcgetattr");
            return (((uint*)attributes)[LocalFlags] & Echo) != 0;
        }
    }

    /// <summary>Changes the size of the child's terminal, of which the kernel tells those in the foreground by SIGWINCH.</summary>
    public unsafe void Resize(int columns)
    {
        // struct winsize: rows and columns, and the pixels of both.
        var window = stackalloc ushort[] { 24, (ushort)columns, 0, 0 };
        LibC.Checked(LibC.Control(_pipes.InputEnd, LibC.SetWindow, window), "ioctl");
    }

    /// <summary>The processes that a process has started and that live, by /proc.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process)
    {
        try
        {
            return [.. Directory.GetDirectories($"/proc/{process}/task").SelectMany(task => File.ReadAllText($"{task}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            // It ended while we looked.
            return [];
        }
    }

    /// <summary>Kills it and all that it started.</summary>
    public void Dispose()
    {
        lock (_reaping)
        {
            if (!_isReaped)
            {
                KillTree(Id);
                _ = LibC.Kill(-Id, SIGKILL.GetNumber());
            }
        }

        // The reaper cannot fail to come: the process is dead.
        _ended.Task.GetAwaiter().GetResult();

        // What it started and left behind is in its group still, if it is anywhere; the kernel does not reuse the id of a group that has members.
        _ = LibC.Kill(-Id, SIGKILL.GetNumber());
        if (!_output.Ended.Wait(Limit))
        {
            throw new InvalidOperationException($"Something that the child started lives on and holds its output. {Describe()}");
        }

        _pipes.Dispose();
    }

    private static void KillTree(int process)
    {
        foreach (var child in ChildrenOf(process))
        {
            KillTree(child);
        }

        _ = LibC.Kill(process, SIGKILL.GetNumber());
    }

    private async Task AssertEndsAsync(ExitStatus expected)
    {
        var status = await WaitForExitAsync();
        if (status != expected)
        {
            Assert.Fail($"The child should have {expected}, and {status}. {Describe()}");
        }
    }

    /// <summary>Reads until a line is one that is expected, and gives it.</summary>
    public Task<string> ExpectAsync(Predicate<string> isExpected) => ExpectAsync(isExpected, "print a line that is expected");

    private async Task<string> ExpectAsync(Predicate<string> isExpected, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            while (true)
            {
                var line = await _output.Lines.ReadAsync(limit.Token);
                if (isExpected(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"The child should {what} within {Limit}. {Describe()}");
            throw;
        }
        catch (ChannelClosedException)
        {
            Assert.Fail($"The child should {what}, and closed its output ({await WaitForExitAsync()}). {Describe()}");
            throw;
        }
    }

    // Looked at first, reaped under the lock after: a signal is never sent to an id that another process has by now.
    private unsafe void Reap()
    {
        var information = stackalloc byte[LibC.OpaqueSize];
        while (LibC.WaitId(LibC.IdIsProcess, Id, information, LibC.WaitExited | LibC.WaitNoReap) != 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
        {
        }

        int status;
        lock (_reaping)
        {
            LibC.Checked(LibC.WaitPid(Id, &status, 0), "waitpid");
            _isReaped = true;
        }

        _ended.SetResult(ExitStatus.FromWait(status));
    }

    private void AssertAlive()
    {
        if (_isReaped)
        {
            Assert.Fail($"The child should be alive, and {_ended.Task.Result}. {Describe()}");
        }
    }

    private string Describe() => $"""
        It was started as: {string.Join(' ', [.. _start.Prefix, .. _start.Command])}
        It {(_ended.Task.IsCompleted ? _ended.Task.Result : "is running")}, and has printed:
        {Output}
        """;
}
