using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace SignalStreams.WindowsTests;

/// <summary>A process that a test raises real events in. Disposing kills it.</summary>
/// <remarks>
/// An event is raised by a thread in the child that begins at kernelbase!CtrlRoutine, where those of the system begin: it calls the real handlers, and needs no
/// console. What the system adds is added here: after CLOSE, LOGOFF and SHUTDOWN it ends the process when the handlers have returned, or after its time limit and a little more (<see cref="Patience"/>).
/// </remarks>
internal sealed class WindowsChild : IDisposable
{
    /// <summary>The exit code of an end by the system (STATUS_CONTROL_C_EXIT).</summary>
    public const int ControlCExit = unchecked((int)0xC000013A);

    /// <summary>How long a test waits for what must happen.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What Windows gives a program where nobody has set another time.</summary>
    public static readonly TimeSpan SystemLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long the system of these tests waits: two seconds more, for a machine so busy that a thread wakes that late. What was held until its limit, and
    /// was let go 150 ms before, is over by then; what the limit is exactly is tested with a clock of the test's own (WindowsSourceTests).</summary>
    public static readonly TimeSpan Patience = SystemLimit + TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PipeLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _outputEnd;
    private readonly Task _errorEnd;

    public WindowsChild(params string[] arguments)
    {
        SkipElsewhere();
        var start = new ProcessStartInfo(ProgramPath) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, CreateNoWindow = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;

        // On threads of their own: a pipe is read by a thread that waits, and the pool of a busy machine has none to spare.
        _outputEnd = StartReading(_process.StandardOutput, isOutput: true);
        _errorEnd = StartReading(_process.StandardError, isOutput: false);
    }

    /// <summary>The program beside the tests, where both were published, or in its own directory of the build.</summary>
    public static string ProgramPath
    {
        get
        {
            const string Name = "SignalStreams.WindowsTestProgram";
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var beside = Path.Combine(own.FullName, $"{Name}.exe");
            return File.Exists(beside) ? beside : Path.Combine(own.Parent!.Parent!.FullName, Name, own.Name, $"{Name}.exe");
        }
    }

    /// <summary>Whether this Windows is Wine.</summary>
    public static bool IsWine => File.Exists(Path.Combine(Environment.SystemDirectory, "wineboot.exe"));

    public int Id => _process.Id;

    /// <summary>All that it has printed. What it has said on standard error is apart: nobody knows the order of the two.</summary>
    public string Output => Text(_output);

    public string Errors => Text(_errors);

    public static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsWindows(), "Needs the API of Windows: run the tests on Windows, or under Wine (tests/SignalStreams.WineTests).");

    public static async Task<WindowsChild> StartAsync(params string[] arguments)
    {
        var child = new WindowsChild(arguments);
        try
        {
            await child.ExpectAsync("ready");
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Reads until a line that begins so, and gives it.</summary>
    public async Task<string> ExpectAsync(string beginning, TimeSpan? limit = null)
    {
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(limit ?? Limit, TestContext.Current.CancellationToken);
                if (line.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (Exception e) when (e is TimeoutException or ChannelClosedException)
        {
            Assert.Fail($"The child should print '{beginning}'. {Describe()}");
            throw;
        }
    }

    /// <summary>Reads until a line that begins so, and gives the number behind.</summary>
    public async Task<int> NumberAsync(string what) => int.Parse((await ExpectAsync(what))[what.Length..], CultureInfo.InvariantCulture);

    public void Type(string line)
    {
        _process.StandardInput.Write($"{line}\n");
        _process.StandardInput.Flush();
    }

    /// <summary>Asks it to close its windows, as a user does.</summary>
    public async Task TaskkillAsync()
    {
        using var taskkill = Process.Start(new ProcessStartInfo("taskkill", ["/PID", Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true })!;
        await taskkill.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    /// <summary>Raises an event that does not end the process, and waits until all handlers have returned.</summary>
    /// <returns>Whether one of them has handled it: otherwise the child has ended.</returns>
    public void Raise(ConsoleEvent @event)
    {
        var thread = Begin(@event);
        var ended = Native.WaitForSingleObject(thread, (uint)Limit.TotalMilliseconds) == 0;
        _ = Native.CloseHandle(thread);
        Assert.True(ended, $"The handlers should return. {Describe()}");
    }

    /// <summary>Raises an event that ends the process, and does what the system does then.</summary>
    /// <returns>How long the handlers kept the system; null when it ended the process at its limit.</returns>
    public Task<TimeSpan?> EndByAsync(ConsoleEvent @event) => HeldAsync(@event, endsProcess: true);

    /// <summary>Raises an event that ends the process, and waits for its handlers no longer than the system would.</summary>
    /// <param name="event">The event.</param>
    /// <param name="endsProcess">Whether to end the process then, as the system does.</param>
    /// <returns>How long the handlers kept the system; null when that was longer than its limit.</returns>
    public Task<TimeSpan?> HeldAsync(ConsoleEvent @event, bool endsProcess = false) => Task.Factory.StartNew(
        () =>
        {
            var start = TimeProvider.System.GetTimestamp();
            var thread = Begin(@event);
            var hasReturned = Native.WaitForSingleObject(thread, (uint)Patience.TotalMilliseconds) == 0;
            var held = TimeProvider.System.GetElapsedTime(start);
            _ = Native.CloseHandle(thread);
            if (endsProcess)
            {
                _ = Native.TerminateProcess(_process.Handle, unchecked((uint)ControlCExit));
            }

            return hasReturned ? held : (TimeSpan?)null;
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Keeps all its threads still.</summary>
    public void Suspend() => Assert.Equal(0, Native.NtSuspendProcess(_process.Handle));

    public void Resume() => Assert.Equal(0, Native.NtResumeProcess(_process.Handle));

    /// <summary>Its windows: those at the top level, or those for messages only.</summary>
    public IReadOnlyList<nint> Windows(bool messageOnly)
    {
        List<nint> windows = [];
        var window = (nint)0;
        while (true)
        {
            var last = window;
            window = Native.FindWindow(messageOnly ? Native.MessageOnly : 0, last, 0, 0);
            if (window != 0)
            {
                _ = Native.GetWindowThreadProcessId(window, out var process);
                if (process == (uint)Id)
                {
                    windows.Add(window);
                }
            }
            else if (last != 0 && Native.IsWindow(last) == 0)
            {
                // Another program has closed it, and the system finds none behind it.
                windows.Clear();
            }
            else
            {
                break;
            }
        }

        return windows;
    }

    public nint Window(bool messageOnly) => Assert.Single(Windows(messageOnly));

    /// <summary>Waits for the end, and until all that it printed has been read.</summary>
    /// <remarks>The host of its console, a process of its own, inherits the pipes: where it outlives the child, as now and then under Wine, they have no end, and what has come by then is all.</remarks>
    public async Task<int> WaitForExitAsync()
    {
        var hasEnded = await Task.Factory.StartNew(() => _process.WaitForExit(Limit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(hasEnded, $"The child should end. {Describe()}");
        await Task.WhenAny(Task.WhenAll(_outputEnd, _errorEnd), Task.Delay(PipeLimit, TestContext.Current.CancellationToken));
        return _process.ExitCode;
    }

    public async Task AssertEndsAsync(int code)
    {
        var actual = await WaitForExitAsync();
        if (actual != code)
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"The child should end with {code:X} and did with {actual:X}. {Describe()}"));
        }
    }

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: false);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        _process.WaitForExit(Limit);
        _process.Dispose();
    }

    public string Describe() => $"It {(_process.HasExited ? string.Create(CultureInfo.InvariantCulture, $"has ended with {_process.ExitCode:X}") : "is running")}, and has printed:\n{Output}and on standard error:\n{Errors}";

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private nint Begin(ConsoleEvent @event)
    {
        // The system loads it at one address in all processes.
        var routine = Native.Checked(Native.GetProcAddress(Native.GetModuleHandle("kernelbase.dll"), "CtrlRoutine"), "GetProcAddress");
        return Native.Checked(Native.CreateRemoteThread(_process.Handle, 0, 0, routine, (nint)@event, 0, 0), "CreateRemoteThread");
    }

    private Task StartReading(StreamReader reader, bool isOutput) => Task.Factory.StartNew(
        () =>
        {
            while (reader.ReadLine() is { } line)
            {
                Add(line.TrimEnd('\r'), isOutput);
            }

            if (isOutput)
            {
                _lines.Writer.TryComplete();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void Add(string line, bool isOutput)
    {
        var all = isOutput ? _output : _errors;
        lock (all)
        {
            all.Append(line).Append('\n');
        }

        if (isOutput)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
