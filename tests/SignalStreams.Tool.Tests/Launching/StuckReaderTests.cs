using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Tool.Tests;

/// <summary>A reader of the launcher's output that takes nothing and does not go.</summary>
public sealed class StuckReaderTests : IDisposable
{
    // It can end only when somebody takes its last words.
    private const string Talker = "trap \"echo bye; echo bye >&2; echo > polite; exit 0\" INT; echo $$ > pid; while :; do echo line; done";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tasks_end_politely_in_their_order_and_standard_error_says_all()
    {
        var file = _folder.Launch(
            ("first", Talker, $"cwd: {Make("1")}\n    stop-plan: INT:1h"),
            ("second", Talker, $"cwd: {Make("2")}\n    stop-plan: INT:1h\n    depends-on: [first]"),
            ("third", "trap \"exit 0\" INT; echo seen >&2; while :; do sleep 0.05; done", "stop-plan: INT:1h\n    depends-on: [second]"));
        using var launch = Start("exec \"$0\" launch --no-logs \"$1\"", file);
        try
        {
            var seen = await launch.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ChildProcess.Limit, TestContext.Current.CancellationToken);
            var error = launch.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await AreStuckAsync("1", "2");
            Assert.Equal(0, LibC.Kill(launch.Id, SIGINT.GetNumber()));
            await launch.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(ChildProcess.Limit, TestContext.Current.CancellationToken);
            var text = $"{seen}\n{await error}";
            Assert.True(launch.ExitCode == 0, text);
            Assert.True(File.Exists(_folder["1/polite"]) && File.Exists(_folder["2/polite"]), text);
            string[] said = ["[third] seen", "SIGINT", "stopping 3 tasks", "nobody reads standard output: what is still written there is lost"];
            Assert.All(said.Zip(said.Skip(1)), pair => Assert.True(
                text.IndexOf(pair.First, StringComparison.Ordinal) is var one and >= 0 && one < text.IndexOf(pair.Second, one, StringComparison.Ordinal), $"{pair}: {text}"));
        }
        finally
        {
            launch.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Tasks_end_politely_where_standard_error_is_stuck_as_well()
    {
        var file = _folder.Launch(("a", Talker, $"cwd: {Make("1")}\n    stop-plan: INT:1h"));
        using var launch = Start("exec \"$0\" launch --no-logs \"$1\" 2>&1", file);
        try
        {
            await AreStuckAsync("1");
            Assert.Equal(0, LibC.Kill(launch.Id, SIGINT.GetNumber()));
            await launch.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(ChildProcess.Limit, TestContext.Current.CancellationToken);
            Assert.Equal(0, launch.ExitCode);
            Assert.True(File.Exists(_folder["1/polite"]));
        }
        finally
        {
            launch.Kill(entireProcessTree: true);
        }
    }

    private string Make(string name) => Directory.CreateDirectory(_folder[name]).FullName;

    // Nobody reads its output, which stays open. Read on to its end it would be a reader.
    private static Process Start(string script, string file) =>
        Process.Start(new ProcessStartInfo("bash", ["-c", script, ToolTests.Tool.Path, file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    // Those who talk without end sleep: nobody takes what they say.
    private async Task AreStuckAsync(params string[] folders)
    {
        foreach (var folder in folders)
        {
            var process = await _folder.NumberAsync($"{folder}/pid");
            var asleep = 0;
            await Folder.UntilAsync(() => (asleep = IsAsleep(process) ? asleep + 1 : 0) == 50, "wait until its output is taken");
        }
    }

    private static bool IsAsleep(int process)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        return stat[stat.LastIndexOf(')') + 2] == 'S';
    }
}
