using System.Globalization;
using System.Text;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>Real children on Windows. They need the little program that a compiler for Windows has built: windowschild.c.</summary>
public sealed class WindowsChildTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly List<IStartedChild> _children = [];
    private WindowsProcessApi? _api;
    private WindowsProcessPlatform? _platform;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WindowsProcessPlatform Platform => _platform!;

    public ValueTask InitializeAsync()
    {
        WindowsPrograms.Require();
        _api = new();
        _platform = new(_api);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _children)
        {
            await child.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_environment_is_exactly_what_was_given()
    {
        Assert.Equal(["é=1"], await LinesAsync(Start(["env", "SS_TEST"], new() { ["SS_TEST"] = "é=1" })));
        Assert.Equal(["(none)"], await LinesAsync(Start(["env", "PATH"], new() { ["SS_TEST"] = "x" })));
    }

    [Fact]
    public async Task Bytes_pass_through_in_both_directions_and_the_end_of_input_arrives()
    {
        var child = Start(["copy"]);
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        var reading = ReadAllAsync(child.Output!);
        await child.Input!.WriteAsync(bytes, Cancellation).AsTask().WaitAsync(Limit, Cancellation);
        await child.Input.DisposeAsync();
        Assert.Equal(bytes, await reading);
        Assert.Equal(0, (await ExitAsync(child)).Code);
    }

    [Fact]
    public void A_missing_program_is_an_error_that_says_so()
    {
        var e = Assert.Throws<ProcessStartException>(() => Start([], fileName: @"C:\no such\a.exe"));
        Assert.Contains(@"C:\no such\a.exe", e.Message, StringComparison.Ordinal);
        Assert.True(e.NativeErrorCode is WindowsError.FileNotFound or WindowsError.PathNotFound);
    }

    [Fact]
    public void A_folder_that_is_gone_is_an_error_that_says_so() =>
        Assert.Contains("working directory", Assert.Throws<ProcessStartException>(() => Start(["exit", "0"], folder: @"C:\no such")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_killed_child_ends_with_the_code_of_a_kill_and_is_nobody_afterwards()
    {
        var child = Start(["wait"]);
        await ReadyAsync(child);
        Assert.Equal(child.Identity, Platform.Identify(child.Identity.Id));
        Assert.Equal("windowschild.exe", child.Identity.Name);
        Assert.Equal(SendOutcome.Sent, child.Send(SIGKILL, null));
        Assert.Equal(-1, (await ExitAsync(child)).Code);
        Assert.Equal(SendOutcome.Gone, child.Send(SIGKILL, null));
        Assert.Null(Platform.Identify(child.Identity.Id));
        await child.Gone.WaitAsync(Limit, Cancellation);
    }

    [Fact]
    public async Task An_orphan_is_found_in_the_job_and_killed_with_it()
    {
        var child = Start(["leave"]);
        var orphan = await ReadyAsync(child);
        Assert.Equal(5, (await ExitAsync(child)).Code);
        Assert.False(child.Gone.IsCompleted);
        using var scope = child.OpenStopScope();
        Assert.Equal([orphan], scope.Look().Select(identity => identity.Id));
        Assert.True(scope.TryKillAll());
        await scope.Gone.WaitAsync(Limit, Cancellation);
        await child.Gone.WaitAsync(Limit, Cancellation);
        Assert.Null(Platform.Identify(orphan));
    }

    [Fact]
    public async Task Disposing_a_child_ends_its_descendants()
    {
        var child = Start(["tree", "3"]);
        var ids = new List<int>();
        using var reader = new StreamReader(child.Output!);
        while (ids.Count < 3)
        {
            ids.Add(IdOf(await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(Limit, Cancellation)));
        }

        Assert.Equal(0, _api!.Open(ids[2], out var leaf));
        using (leaf)
        {
            await child.DisposeAsync();
            await leaf!.Exited.WaitAsync(Limit, Cancellation);
        }

        await WindowsPrograms.AssertGoneAsync(ids);
    }

    [Fact]
    public async Task A_tree_is_found_descendants_first_and_killed()
    {
        var child = Start(["tree", "4"]);
        var ids = new List<int>();
        using var reader = new StreamReader(child.Output!);
        while (ids.Count < 4)
        {
            ids.Add(IdOf(await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(Limit, Cancellation)));
        }

        Assert.Equal(0, _api!.Open(ids[0], out var root));
        using var scope = new WindowsTreeScope(_api, new(_api, new()), root, "tree", 1);
        ids.Reverse();
        Assert.Equal(ids, scope.Look().Select(identity => identity.Id));
        Assert.True(scope.TryKillAll());
        await scope.Gone.WaitAsync(Limit, Cancellation);
        Assert.Equal(-1, scope.ExitStatus?.Code);
    }

    [Theory]
    [InlineData("window")]
    [InlineData("message")]
    public async Task A_window_is_asked_to_close(string kind)
    {
        var child = Start([kind]);
        using var reader = new StreamReader(child.Output!);
        Assert.Equal(child.Identity.Id, IdOf(await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(Limit, Cancellation)));
        Assert.Equal(0, _api!.Open(child.Identity.Id, out var process));
        using (process)
        {
            // As somebody who did not start it, and so knows of no group.
            Assert.Equal(SendOutcome.Sent, new WindowsSender(_api, new()).Send(process!, SIGTERM, null));
        }

        Assert.Equal(7, (await ExitAsync(child)).Code);
    }

    [Theory]
    [InlineData(SIGINT, 40)]
    [InlineData(SIGBREAK, 41)]
    public async Task A_console_event_reaches_a_child_on_our_console_and_not_us(ShutdownSignal signal, int expected)
    {
        Assert.SkipWhen(_api!.ConsoleProcesses().Count == 0, "NOT RUN: this process has no console.");
        var child = Start(["wait"]);
        await ReadyAsync(child);
        SkipWhereTheSystemCannot(signal, child.Send(signal, null));
        Assert.Equal(expected, (await ExitAsync(child)).Code);
    }

    [Theory]
    [InlineData(SIGINT, 40)]
    [InlineData(SIGBREAK, 41)]
    public async Task A_console_event_reaches_a_child_with_a_console_of_its_own_through_the_helper(ShutdownSignal signal, int expected)
    {
        Assert.SkipUnless(_api!.HasConsoleHelper, "NOT RUN: this build has no console helper.");
        var child = StartOnItsOwnConsole("wait");
        await ReadyAsync(child);
        Assert.DoesNotContain(child.Identity.Id, _api.ConsoleProcesses());
        SkipWhereTheSystemCannot(signal, child.Send(signal, null));
        Assert.Equal(expected, (await ExitAsync(child)).Code);
    }

    [Fact]
    public async Task One_that_is_born_after_the_event_is_asked_when_its_parent_has_ended()
    {
        Assert.SkipUnless(_api!.HasConsoleHelper, "NOT RUN: this build has no console helper.");
        var child = StartOnItsOwnConsole("bear");
        var (scope, newborn) = await BearAsync(child);
        using (scope)
        {
            Assert.Equal("event 0", await LineAsync(child));
            await child.Input!.DisposeAsync();
            Assert.Equal(0, (await ExitAsync(child)).Code);
            Assert.Equal(0, _api.Open(newborn, out var process));
            using (process)
            {
                Assert.Equal(SendOutcome.Sent, scope.Send(Assert.Single(scope.Look()), SIGINT));
                await process!.Exited.WaitAsync(Limit, Cancellation);
                Assert.Equal(40, process.ExitCode);
            }
        }
    }

    [Fact]
    public async Task One_that_is_born_after_the_event_is_not_asked_where_its_parent_would_be_asked_twice()
    {
        Assert.SkipUnless(_api!.HasConsoleHelper, "NOT RUN: this build has no console helper.");
        var child = StartOnItsOwnConsole("bear");
        var (scope, newborn) = await BearAsync(child);
        using (scope)
        {
            Assert.Equal("event 0", await LineAsync(child));
            var result = scope.Send(scope.Look().Single(identity => identity.Id == newborn), SIGINT);
            Assert.Equal(SendOutcome.NotDeliverable, result.Outcome);
            Assert.StartsWith("it was born after the event was sent, and others than its descendants share its console", result.Reason, StringComparison.Ordinal);

            // Had one of them been hit, it would have ended, or have borne another.
            await child.Input!.WriteAsync("still there?\n"u8.ToArray(), Cancellation);
            await child.Input.FlushAsync(Cancellation);
            Assert.Equal("still there?", await LineAsync(child));
            Assert.Equal([newborn, child.Identity.Id], scope.Look().Select(identity => identity.Id));

            // The next attempt is for both.
            Assert.Null(scope.TrySendAll(SIGINT));
            Assert.All(scope.Look(), member => Assert.Equal(SendOutcome.Sent, scope.Send(member, SIGINT)));
            var another = await ReadyAsync(child);
            Assert.NotEqual(newborn, another);
            Assert.Equal("event 0", await LineAsync(child));
            await WindowsPrograms.AssertGoneAsync([newborn]);
            Assert.Equal([another, child.Identity.Id], scope.Look().Select(identity => identity.Id));
        }
    }

    [Fact]
    public async Task The_helper_sends_nothing_to_a_console_that_the_caller_or_others_share()
    {
        Assert.SkipUnless(_api!.HasConsoleHelper, "NOT RUN: this build has no console helper.");
        var child = StartOnItsOwnConsole("tree", "2");
        var parent = await ReadyAsync(child);
        var grandchild = await ReadyAsync(child);
        Assert.Equal(ConsoleHelperResult.CallerAttached, Run(grandchild, caller: parent));
        Assert.Equal(ConsoleHelperResult.OthersAttached, Run(grandchild, Environment.ProcessId));
        Assert.Equal([grandchild, parent], Alive());
        Assert.Equal(ConsoleHelperResult.Sent, Run(grandchild, Environment.ProcessId, parent));

        ConsoleHelperResult Run(int target, int caller, params int[] family) =>
            _api.RunConsoleHelper(new(target, ConsoleEvent.ControlC, Group: 0, caller, family)).Result;

        IEnumerable<int> Alive()
        {
            using var scope = child.OpenStopScope();
            return [.. scope.Look().Select(identity => identity.Id)];
        }
    }

    [Fact]
    public void An_id_that_Windows_would_round_down_is_nobody()
    {
        Assert.NotNull(Platform.Identify(Environment.ProcessId));
        Assert.Null(Platform.Identify(Environment.ProcessId + 1));
    }

    // Wine 8 has no Ctrl-Break.
    private static void SkipWhereTheSystemCannot(ShutdownSignal signal, SendResult result)
    {
        Assert.SkipWhen(WindowsSystem.IsWine && signal == SIGBREAK && result.Outcome == SendOutcome.NotDeliverable, "Wine: it refuses CTRL_BREAK_EVENT (error 6).");
        Assert.Equal(SendOutcome.Sent, result);
    }

    private static ChildStart ChildOf(string[] arguments, Dictionary<string, string>? environment, string? fileName, string? folder) => new(
        fileName ?? WindowsPrograms.Child, arguments, environment ?? Inherited(), folder, ProcessPlace.Session, RedirectInput: true, RedirectOutput: true, RedirectError: false);

    private static Dictionary<string, string> Inherited() =>
        Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancellation).WaitAsync(Limit, Cancellation);
        return bytes.ToArray();
    }

    private static async Task<string[]> LinesAsync(IStartedChild child) =>
        Encoding.UTF8.GetString(await ReadAllAsync(child.Output!)).TrimEnd('\n').Split('\n');

    private static async Task<int> ReadyAsync(IStartedChild child) => IdOf(await LineAsync(child));

    private static async Task<string> LineAsync(IStartedChild child)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await child.Output!.ReadAsync(one, Cancellation).AsTask().WaitAsync(Limit, Cancellation) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }

    private static int IdOf(string? line)
    {
        Assert.StartsWith("ready ", line, StringComparison.Ordinal);
        return int.Parse(line!["ready ".Length..], CultureInfo.InvariantCulture);
    }

    private static Task<ProcessExitStatus> ExitAsync(IStartedChild child) => child.Exit.WaitAsync(Limit, Cancellation);

    // It has another before it says that it has had the event.
    private static async Task<(IStopScope Scope, int Newborn)> BearAsync(JobChild child)
    {
        await ReadyAsync(child);
        var scope = child.OpenStopScope();
        Assert.Equal(SendOutcome.Sent, scope.Send(Assert.Single(scope.Look()), SIGINT));
        return (scope, await ReadyAsync(child));
    }

    private JobChild StartOnItsOwnConsole(params string[] arguments)
    {
        var leaders = new WindowsGroupLeaders();
        var start = WindowsChildStart.From(ChildOf(arguments, null, null, null), WindowsChildConsole.Own);
        var child = new JobChild(_api!, new(_api!, leaders), leaders, _api!.CreateChild(start));
        _children.Add(child);
        return child;
    }

    private IStartedChild Start(string[] arguments, Dictionary<string, string>? environment = null, string? fileName = null, string? folder = null)
    {
        var child = Platform.Start(ChildOf(arguments, environment, fileName, folder));
        _children.Add(child);
        return child;
    }
}
