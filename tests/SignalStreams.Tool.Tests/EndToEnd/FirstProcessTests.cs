using System.Globalization;

namespace SignalStreams.Tool.Tests;

/// <summary>The tool as process 1 of a pid namespace.</summary>
public sealed class FirstProcessTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("launch")]
    public async Task Orphans_that_others_bring_in_are_reaped(string command)
    {
        var file = _folder.Launch(("a", "echo $$ > started; exec sleep 1000", $"cwd: {_folder.Path}"));
        using var unshare = await ToolTests.Tool.StartAsInitAsync(command == "run" ? ["run", "-C", _folder.Path, "--", "sh", "-c", "echo $$ > started; exec sleep 1000"] : ["launch", file, "--no-logs"]);
        await _folder.NumberAsync("started");
        var init = ChildProcess.ChildrenOf(unshare.Id).Single();

        // As "docker exec": they enter the namespace, fork, and end; what they leave behind has process 1 for its parent.
        for (var i = 0; i < 5; i++)
        {
            var end = await ToolTests.Tool.RunOtherAsync("nsenter", "-t", init.ToString(CultureInfo.InvariantCulture), "-p", "-m", "sh", "-c", "(sh -c 'true & true & exit 0' &) ; (sleep 0.05 &) ; exit 0");
            Assert.True(end.Code == 0, end.Error);
        }

        await Folder.UntilAsync(() => !ChildProcess.ChildrenOf(init).Any(child => StateOf(child) == 'Z' || NameOf(child) is "true" or "sh"), "reap the orphans");
        unshare.SendToInit(SIGTERM);
        await unshare.AssertEndsAsync(command == "run" ? 143 : 0);
    }

    [Fact]
    public async Task Launch_reaps_what_its_tasks_leave_and_ends_with_the_code_of_the_task_that_ends_it()
    {
        var file = _folder.Launch(
            ("busy", "for i in 1 2 3 4 5 6 7 8 9 10; do (setsid sh -c 'true & true & exit 0' &); done; (setsid sleep 1000 &); echo $$ > started; exec sleep 1000", $"cwd: {_folder.Path}"),
            ("last", "while ! test -e go; do sleep 0.05; done; exit 9", $"quit-on-terminate: true\n    cwd: {_folder.Path}"));
        using var unshare = await ToolTests.Tool.StartAsInitAsync("launch", file, "--no-logs");
        await _folder.NumberAsync("started");
        var init = ChildProcess.ChildrenOf(unshare.Id).Single();
        await Folder.UntilAsync(() => !All(init).Any(process => StateOf(process) == 'Z' || NameOf(process) == "true"), "leave no zombie");
        _folder.Write("go", "");
        await unshare.AssertEndsAsync(9);
    }

    private static IEnumerable<int> All(int process) => ChildProcess.ChildrenOf(process).SelectMany(child => All(child).Prepend(child));

    private static char StateOf(int process) => Read(process, "stat") is { Length: > 0 } stat ? stat[stat.LastIndexOf(')') + 2] : '?';

    private static string NameOf(int process) => Read(process, "comm").TrimEnd();

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
