using System.Globalization;

namespace SignalStreams.Tool.Tests;

/// <summary>What the tool does where something is missing that it could expect: a folder, a permission, room on the disk, a terminal, somebody who reads.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private static readonly string[] Nobody = ["setpriv", "--reuid=65534", "--clear-groups"];

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "", "run", "--", "true")]
    [InlineData(127, "current folder", "run", "--", "./true")]
    [InlineData(2, "current folder does not exist any more", "launch", "x.yaml")]
    [InlineData(2, "current folder does not exist any more", "launch", "--no-logs")]
    [InlineData(0, "had ended before", "stop", "4194304")]
    public async Task A_current_folder_that_is_gone_is_told_where_it_counts(int code, string says, params string[] arguments)
    {
        var end = await ToolTests.Tool.RunOtherAsync(["sh", "-c", "cd \"$(mktemp -d)\" && rmdir \"$PWD\" && exec \"$0\" \"$@\"", ToolTests.Tool.Path, .. arguments]);
        AssertClear(code, says, end);
    }

    [Theory]
    [InlineData(126, "may not be entered", "run", "-C", "/root", "--", "true")]
    [InlineData(126, "may not be executed", "run", "--", "/root/program")]
    [InlineData(126, "may not be executed", "run", "--", "/etc/passwd")]
    [InlineData(2, "secret.env", "run", "--env-file", "FOLDER/secret.env", "--", "true")]
    [InlineData(1, "cannot be read", "launch", "FOLDER/secret.yaml", "--no-logs")]
    [InlineData(1, "Nothing was started", "launch", "FOLDER/launch.yaml", "--log-dir", "/root/logs")]
    [InlineData(1, "the file cannot be read", "launch", "FOLDER/secret-env.yaml", "--no-logs")]
    [InlineData(4, "not permitted", "stop", "1")]
    [InlineData(4, "not permitted", "stop", "--tree", "1")]
    [InlineData(4, "not permitted", "send", "KILL", "1")]
    public async Task A_missing_permission_is_told_and_nothing_is_started(int code, string says, params string[] arguments)
    {
        Assert.SkipUnless(Environment.UserName == "root", "this takes root");
        _folder.ForAll();
        _folder.Launch(("a", "touch started", ""));
        _folder.Write("secret.env", "A=1\n", 0b110_000_000);
        _folder.Write("secret.yaml", "tasks: []\n", 0b110_000_000);
        _folder.Write("secret-env.yaml", $"tasks:\n  - {{name: a, program: 'true', env-file: {_folder["secret.env"]}}}\n");
        var target = arguments[0] is "stop" or "send" ? ToolTests.Tool.StartOther("sleep", "1000") : null;
        using (target)
        {
            string[] words = [.. arguments.Select(argument => argument == "1" ? target!.Id.ToString(CultureInfo.InvariantCulture) : argument.Replace("FOLDER", _folder.Path, StringComparison.Ordinal))];
            AssertClear(code, says, await ToolTests.Tool.RunOtherAsync([.. Nobody, ToolTests.Tool.Path, .. words]));
            Assert.True(target is null || Folder.IsAlive(target.Id));
        }

        Assert.False(File.Exists(_folder["started"]));
    }

    [Theory]
    [InlineData(127, "empty", "run", "--", "")]
    [InlineData(2, "larger than 4 MiB", "run", "--env-file", "/dev/zero", "--", "true")]
    [InlineData(1, "larger than 4 MiB", "launch", "FOLDER/endless.yaml", "--no-logs")]
    [InlineData(1, "larger than 4 MiB", "launch", "/dev/zero", "--no-logs")]
    [InlineData(1, "empty", "launch", "/dev/null", "--no-logs")]
    [InlineData(1, "folder", "launch", "/tmp", "--no-logs")]
    [InlineData(1, "not UTF-8", "launch", "FOLDER/binary.yaml", "--no-logs")]
    [InlineData(126, "is a folder", "run", "--", "/tmp")]
    [InlineData(125, "folder", "run", "--cwd", "/etc/passwd", "--", "true")]
    [InlineData(1, "already exists", "launch", "FOLDER/launch.yaml", "--log-dir", "/etc/passwd")]
    public async Task A_bad_file_is_told_and_nothing_is_started(int code, string says, params string[] arguments)
    {
        _folder.Launch(("a", "touch started", ""));
        _folder.Write("endless.yaml", "tasks:\n  - {name: a, program: 'true', env-file: /dev/zero}\n");
        File.WriteAllBytes(_folder["binary.yaml"], [(byte)'a', 0xff, 0xfe]);
        AssertClear(code, says, await ToolTests.Tool.RunAsync([.. arguments.Select(argument => argument.Replace("FOLDER", _folder.Path, StringComparison.Ordinal))]));
        Assert.False(File.Exists(_folder["started"]));
    }

    [Fact]
    public async Task A_working_folder_that_goes_before_the_restart_ends_the_task_with_a_clear_error()
    {
        Directory.CreateDirectory(_folder["work"]);
        var file = _folder.Launch(("a", "rmdir ../work; exit 3", $"restart: on-failure\n    restart-backoff: 0.01\n    max-restarts: 2\n    cwd: {_folder["work"]}"));
        var end = await ToolTests.Tool.RunAsync("launch", file, "--no-logs");
        Assert.NotEqual(0, end.Code);
        Assert.Contains("working folder", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
        var run = await RunGoneAsync();
        AssertClear(127, "working folder", run);
    }

    // The runtime's own start needs files that grow: with pages that are never both writable and executable it maps them twice, from a file.
    [Fact]
    public async Task A_limit_of_file_size_for_the_logs_is_told_and_the_tasks_go_on()
    {
        var file = _folder.Launch(("a", "head -c 300000 /dev/zero | tr '\\0' x; echo; echo done", ""));
        var end = await ToolTests.Tool.RunOtherAsync(
            "bash", "-c", "ulimit -f 64; export DOTNET_EnableWriteXorExecute=0; exec \"$0\" \"$@\"", ToolTests.Tool.Path, "launch", file, "--log-dir", _folder["logs"]);
        Assert.True(end.Code == 0, $"{end.Code}: {end.Error}");
        Assert.EndsWith("[a] done\n", end.Output, StringComparison.Ordinal);
        Assert.Contains("the tasks go on", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_of_a_private_mount_is_told_and_the_tasks_go_on()
    {
        Directory.CreateDirectory(_folder["tiny"]);
        var file = _folder.Launch(("a", "head -c 300000 /dev/zero | tr '\\0' x; echo; echo done", ""), ("b", "sleep 0.3; echo other", ""));
        var end = await ToolTests.Tool.RunOtherAsync(
            "unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs \"$0\" || exit 77; exec \"$@\"", _folder["tiny"], ToolTests.Tool.Path, "launch", file, "--log-dir", _folder["tiny"]);
        Assert.SkipWhen(end.Code is 77, "May not mount a file system.");
        Assert.True(end.Code == 0, $"{end.Code}: {end.Error}");
        Assert.Contains("[a] done\n", end.Output, StringComparison.Ordinal);
        Assert.Contains("[b] other\n", end.Output, StringComparison.Ordinal);
        Assert.Single(end.Error.Split('\n'), line => line.Contains("the tasks go on", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run", 3)]
    [InlineData("launch", 3)]
    [InlineData("stop", 0)]
    public async Task Descriptors_that_are_closed_from_the_start_hinder_nothing(string command, int code)
    {
        var file = _folder.Launch(("a", "ls -l /proc/self/fd > fds; exit 3", $"quit-on-terminate: true\n    cwd: {_folder.Path}"));
        using var target = ToolTests.Tool.StartOther("sleep", "1000");
        string[] arguments = command switch
        {
            "run" => ["run", "-C", _folder.Path, "--", "sh", "-c", "ls -l /proc/self/fd > fds; exit 3"],
            "launch" => ["launch", file, "--no-logs"],
            _ => ["stop", target.Id.ToString(CultureInfo.InvariantCulture)],
        };
        var end = await ToolTests.Tool.RunOtherAsync(["sh", "-c", "exec \"$0\" \"$@\" <&- >&- 2>&-", ToolTests.Tool.Path, .. arguments]);
        Assert.Equal(code, end.Code);
        if (command != "stop")
        {
            // What the tool has opened itself has not come to stand where the child's would be.
            Assert.DoesNotContain("memfd", File.ReadAllText(_folder["fds"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_whose_output_nobody_reads_ends_as_its_child_does()
    {
        var end = await ToolTests.Tool.RunOtherAsync("bash", "-c", "\"$0\" run -- yes | head -n 1; echo ${PIPESTATUS[0]}", ToolTests.Tool.Path);
        Assert.Equal("y\n141\n", end.Output);
    }

    [Theory]
    [InlineData("run", "-129")]
    [InlineData("run deaf", "0")]
    [InlineData("stop", "any")]
    [InlineData("watch", "0")]
    public async Task A_terminal_that_is_closed_ends_it_and_leaves_nobody(string command, string ends)
    {
        const string Typist = """
            import os, pty, sys, time
            mark = sys.argv[1].encode()
            pid, master = pty.fork()
            if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
            seen = b''
            while mark not in seen: seen += os.read(master, 65536)
            os.close(master)
            limit = time.monotonic() + 30
            while time.monotonic() < limit:
                done, status = os.waitpid(pid, os.WNOHANG)
                if done: break
                time.sleep(0.01)
            else:
                os.kill(pid, 9); print('hangs', flush=True); sys.exit(1)
            print(os.waitstatus_to_exitcode(status), flush=True)
            """;
        using var target = ToolTests.Tool.StartOther("sh", "-c", "trap '' TERM; echo ready; exec sleep 1000");
        await target.ExpectAsync("ready");
        string[] arguments = command switch
        {
            "run" => ["all set", ToolTests.Tool.Path, "run", "--", "sh", "-c", $"echo $$ > {_folder["child"]}; echo all set; exec sleep 1000"],

            // Deaf to SIGHUP, it ends when it reads the end of its input, as programs do; then so does the tool.
            "run deaf" => ["all set", ToolTests.Tool.Path, "run", "--", "bash", "-c", $"trap '' HUP; echo $$ > {_folder["child"]}; echo all set; read line; exit 0"],
            "watch" => ["ready", ToolTests.Tool.Path, "watch"],
            _ => ["SIGTERM", ToolTests.Tool.Path, "stop", "--plan", "TERM:1h", target.Id.ToString(CultureInfo.InvariantCulture)],
        };
        var end = await ToolTests.Tool.RunOtherAsync(["python3", "-c", Typist, .. arguments]);
        var status = end.Output.Trim();
        Assert.True(int.TryParse(status, CultureInfo.InvariantCulture, out var code), $"{status} {end.Error}");
        if (ends != "any")
        {
            Assert.Equal(ends == "-129" ? -SIGHUP.GetNumber() : 0, code);
            if (command != "watch")
            {
                await Folder.GoneAsync(await _folder.NumberAsync("child"));
            }
        }
        else
        {
            Assert.NotEqual(0, code);
            Assert.True(Folder.IsAlive(target.Id));
        }
    }

    private Task<ToolEnd> RunGoneAsync()
    {
        Directory.CreateDirectory(_folder["work"]);
        return ToolTests.Tool.RunAsync("run", "-C", _folder["work"], "--restart", "on-failure", "--max-restarts", "2", "--backoff", "10ms", "--", "sh", "-c", "rmdir ../work; exit 3");
    }

    private static void AssertClear(int code, string says, ToolEnd end)
    {
        Assert.True(code == end.Code, $"{end.Code}: {end.Output} {end.Error}");
        Assert.Contains(says, end.Output + end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
    }
}
