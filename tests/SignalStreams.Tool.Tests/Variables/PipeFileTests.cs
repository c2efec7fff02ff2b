namespace SignalStreams.Tool.Tests;

/// <summary>A launch file and an env-file that are pipes: read as files are, and never waited for without end.</summary>
public sealed class PipeFileTests : IDisposable
{
    private const string Tasks = "tasks: [{name: a, program: echo, args: [hello]}]";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Launch_file_from_a_process_substitution_is_read_to_its_end()
    {
        var end = await BashAsync($"exec \"$0\" launch --no-logs <(echo 'tasks:'; sleep 0.3; echo ' - {{name: a, program: echo, args: [hello]}}')");

        Assert.True(end.Code == 0, end.Error);
        Assert.Equal("[a] hello\n", end.Output);
    }

    [Fact]
    public async Task Env_file_from_a_process_substitution_is_read_to_its_end()
    {
        var end = await BashAsync("exec \"$0\" run --env-file <(echo A=1; sleep 0.3; echo B=2) -- sh -c 'echo $A $B'");

        Assert.True(end.Code == 0, end.Error);
        Assert.Equal("1 2\n", end.Output);
    }

    [Fact]
    public async Task Writer_of_a_FIFO_may_come_later_than_its_reader()
    {
        await MakeFifoAsync();
        using var launch = ToolTests.Tool.Start("launch", "--no-logs", _folder["fifo"]);
        await WaitsForWriterAsync(launch);

        // The shell, and so the reader's end of the wait, is here only when somebody reads.
        var writer = await ToolTests.Tool.RunOtherAsync("sh", "-c", $"echo '{Tasks}' > \"$0\"", _folder["fifo"]);

        Assert.True(writer.Code == 0, writer.Error);
        await launch.ExpectAsync("[a] hello");
        await launch.AssertEndsAsync(0);
    }

    [Theory]
    [InlineData(1, "launch", "--no-logs", "FIFO")]
    [InlineData(1, "launch", "--check", "ENV")]
    [InlineData(2, "run", "--env-file", "FIFO", "--", "true")]
    public async Task FIFO_without_a_writer_is_an_error_that_says_so(int code, params string[] arguments)
    {
        await MakeFifoAsync();
        _folder.Write("env.yaml", $"tasks: [{{name: a, program: echo, env-file: {_folder["fifo"]}}}]");

        var end = await ToolTests.Tool.RunAsync([.. arguments.Select(argument => argument switch { "FIFO" => _folder["fifo"], "ENV" => _folder["env.yaml"], _ => argument })]);

        Assert.Equal((code, ""), (end.Code, end.Output));
        Assert.Contains("nobody has opened it for writing within 5s", end.Error, StringComparison.Ordinal);
        Assert.Contains("start that first", end.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", false)]
    [InlineData("TERM", false)]
    [InlineData("INT", true)]
    public async Task Signal_ends_the_wait_for_a_FIFO(string name, bool hasWriter)
    {
        await MakeFifoAsync();
        using var writer = hasWriter ? ToolTests.Tool.StartOther("sh", "-c", $"exec 3<> {_folder["fifo"]}; echo ready; exec sleep 1000") : null;
        if (writer is not null)
        {
            await writer.ExpectAsync("ready");
        }

        using var launch = ToolTests.Tool.Start("launch", "--no-logs", _folder["fifo"]);
        await WaitsForWriterAsync(launch);

        launch.Send(ShutdownSignals.Parse(name));

        await launch.AssertEndsAsync(ShutdownSignals.Parse(name));
        if (writer is not null)
        {
            writer.Send(SIGKILL);
            await writer.AssertEndsAsync(SIGKILL);
        }
    }

    [Fact]
    public async Task Process_1_that_waits_for_what_is_written_into_a_FIFO_ends_when_it_is_asked()
    {
        await MakeFifoAsync();
        using var writer = ToolTests.Tool.StartOther("sh", "-c", $"exec 3<> {_folder["fifo"]}; echo ready; exec sleep 1000");
        await writer.ExpectAsync("ready");
        using var unshare = await ToolTests.Tool.StartAsInitAsync("launch", "--no-logs", _folder["fifo"]);
        var init = 0;
        await Folder.UntilAsync(() => (init = ChildProcess.ChildrenOf(unshare.Id).SingleOrDefault()) > 0 && Listens(init), "listen to signals");

        unshare.SendToInit(SIGTERM);

        await unshare.AssertEndsAsync(143);
        writer.Send(SIGKILL);
        await writer.AssertEndsAsync(SIGKILL);
    }

    // It listens to what may end it once it waits for longer than a file takes.
    private static Task WaitsForWriterAsync(ChildProcess launch) => Folder.UntilAsync(() => Listens(launch.Id), "wait for the FIFO");

    // SIGTERM is the runtime's from the start on, and then ends even process 1; it is taken before SIGHUP.
    private static bool Listens(int process)
    {
        try
        {
            // Not yet the harness, which becomes this program.
            if (File.ReadAllText($"/proc/{process}/comm") != "signalstreams\n")
            {
                return false;
            }

            var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("SigCgt:", StringComparison.Ordinal));
            return (Convert.ToUInt64(line[7..].Trim(), 16) & (1UL << (SIGHUP.GetNumber() - 1))) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task MakeFifoAsync() => Assert.Equal(0, (await ToolTests.Tool.RunOtherAsync("mkfifo", _folder["fifo"])).Code);

    private static Task<ToolEnd> BashAsync(string script) => ToolTests.Tool.RunOtherAsync("bash", "-c", script, ToolTests.Tool.Path);
}
