using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace SignalStreams.Processes.Tests;

/// <summary>A real process for a test, in a session of its own. Disposing kills it and whatever came of it, double-forked or not.</summary>
internal sealed class TestChild : IDisposable
{
    /// <summary>How long a test waits for what must happen.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private const string Marker = "SIGNALSTREAMS_TEST_CHILD";

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _everything = new();
    private readonly string _mark = Guid.NewGuid().ToString("N");

    private TestChild(string[] command, bool ownSession)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Real processes are tested on Linux.");
        var start = new ProcessStartInfo(ownSession ? "setsid" : command[0]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in ownSession ? command : command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[Marker] = _mark;
        Process = Process.Start(start)!;
        Id = Process.Id;
        Process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _lines.Writer.TryComplete();
                return;
            }

            lock (_everything)
            {
                _everything.AppendLine(line.Data);
            }

            _lines.Writer.TryWrite(line.Data);
        };
        Process.BeginOutputReadLine();
    }

    /// <summary>The object of the runtime, which reaps it.</summary>
    public Process Process { get; }

    public int Id { get; }

    public string Output
    {
        get
        {
            lock (_everything)
            {
                return _everything.ToString();
            }
        }
    }

    /// <summary>Starts a program, without a shell between.</summary>
    public static TestChild Start(params string[] command) => new(command, ownSession: true);

    /// <summary>Starts a program in the session and the group of the tests.</summary>
    public static TestChild StartInOurGroup(params string[] command) => new(command, ownSession: false);

    /// <summary>Starts a program and waits until it prints "ready".</summary>
    public static async Task<TestChild> StartReadyAsync(params string[] command)
    {
        var child = Start(command);
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

    /// <summary>Runs a script of bash that prints "ready".</summary>
    public static Task<TestChild> BashAsync(string script) => StartReadyAsync("bash", "-c", script);

    /// <summary>Runs a script of Python that prints "ready", flushed.</summary>
    public static Task<TestChild> PythonAsync(string script) => StartReadyAsync(Programs.Require("python3"), "-c", script);

    /// <summary>Starts sleep, and waits until it is sleep and no longer what starts it.</summary>
    public static async Task<TestChild> SleepAsync(string seconds = "1000")
    {
        var child = Start("sleep", seconds);
        await Until.TrueAsync(() => File.ReadAllText($"/proc/{child.Id}/comm").TrimEnd() == "sleep", "sleep should have been started");
        return child;
    }

    /// <summary>Reads until a line is the given one.</summary>
    public Task ExpectAsync(string line) => ExpectAsync(candidate => candidate == line, line);

    /// <summary>Reads until a line begins so, and gives the rest of it.</summary>
    public async Task<string> ExpectRestAsync(string start) =>
        (await ExpectAsync(line => line.StartsWith(start, StringComparison.Ordinal), start))[start.Length..];

    /// <summary>Reads until a line begins so, and gives the number in the rest of it.</summary>
    public async Task<int> ExpectNumberAsync(string start) => int.Parse(await ExpectRestAsync(start), CultureInfo.InvariantCulture);

    /// <summary>Waits until it has ended and was reaped. (Process.WaitForExitAsync waits for whoever holds the output as well.)</summary>
    public Task EndedAsync() => Until.TrueAsync(() => Process.HasExited, "the child should end");

    /// <summary>The living processes that came of it, itself among them.</summary>
    public IReadOnlyList<int> Family() => ProcessList.Living().Where(HasMark).ToList();

    /// <summary>Waits until it has so many: one that is between its fork and its program is not found for a moment.</summary>
    public Task FamilyAsync(int count) => Until.TrueAsync(() => Family().Count == count, $"{count} processes should run");

    public void Dispose()
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (Family() is { Count: > 0 } family)
        {
            // Stopped first: they may fork.
            foreach (var id in family)
            {
                _ = LibC.Kill(id, SIGSTOP.GetNumber());
            }

            foreach (var id in Family())
            {
                _ = LibC.Kill(id, SIGKILL.GetNumber());
            }

            if (TimeProvider.System.GetElapsedTime(limit) > Limit)
            {
                throw new InvalidOperationException($"Processes of a test outlive SIGKILL: {string.Join(", ", family)}.");
            }
        }

        Process.WaitForExit(Limit);
        Process.Dispose();
    }

    private async Task<string> ExpectAsync(Predicate<string> isExpected, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(limit.Token);
                if (isExpected(line))
                {
                    return line;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"The child should print '{what}' and has printed: {Output}", e);
        }
    }

    private bool HasMark(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Contains($"{Marker}={_mark}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
