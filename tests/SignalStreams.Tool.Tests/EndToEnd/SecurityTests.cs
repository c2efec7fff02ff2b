using System.Globalization;

namespace SignalStreams.Tool.Tests;

/// <summary>What is named is run, exactly as it is named, and nothing else is.</summary>
public sealed class SecurityTests : IDisposable
{
    // As a program's name, an argument, a value: text, and no shell ever looks at it.
    private const string Evil = "a; $(touch pwned) `touch pwned` && touch pwned | \"'\\";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_takes_names_arguments_and_values_as_they_are()
    {
        _folder.Write(Evil, "#!/bin/sh\nprintf '<%s>' \"$0\" \"$@\" \"$A\" \"$B\"\n", 0b111_101_101);
        _folder.Write("env", $"B={Evil}\n");
        var end = await ToolTests.Tool.RunAsync("run", "-C", _folder.Path, "--env-file", _folder["env"], "-E", $"A={Evil}", "--", $"./{Evil}", Evil, "*", "~", "$HOME");
        Assert.True(end.Code == 0, end.Error);
        Assert.Equal($"<{_folder.Path}/./{Evil}><{Evil}><*><~><$HOME><{Evil}><{Evil}>", end.Output);
        AssertNothingElseRan();
        AssertCode(127, await ToolTests.Tool.RunAsync("run", "-C", _folder.Path, "--", $"./no {Evil}"));
        AssertCode(127, await ToolTests.Tool.RunAsync("run", "-C", _folder.Path, "--", "sleep 1"));
        AssertNothingElseRan();
    }

    [Fact]
    public async Task Launch_takes_names_arguments_and_values_as_they_are()
    {
        _folder.Write(Evil, "#!/bin/sh\nprintf '<%s>' \"$@\" \"$A\" \"$B\"\necho\n", 0b111_101_101);
        _folder.Write("env", "B='a; $(touch pwned) `touch pwned`'\n");
        var quoted = $"'{Evil.Replace("'", "''", StringComparison.Ordinal)}'";
        var file = _folder.Write("launch.yaml", $"tasks:\n  - name: a\n    program: {quoted.Insert(1, "./")}\n    args: [{quoted}, '*', '~', $HOME]\n    cwd: {_folder.Path}\n    environment: {{A: {quoted}}}\n    env-file: {_folder["env"]}\n");
        var end = await ToolTests.Tool.RunAsync("launch", file, "--no-logs", "--cwd", _folder.Path);
        Assert.True(end.Code == 0, end.Error);
        Assert.Equal($"[a] <{Evil}><*><~><$HOME><{Evil}><a; $(touch pwned) `touch pwned`>\n", end.Output);
        AssertNothingElseRan();
    }

    [Theory]
    [InlineData("!!python/object/apply:os.system [\"touch pwned\"]", "is not allowed here")]
    [InlineData("!!System.Diagnostics.Process {FileName: touch}", "is not allowed here")]
    [InlineData("!include other.yaml", "is not allowed here")]
    [InlineData("[touch, pwned]", "program is a list")]
    [InlineData("touch pwned", "'touch pwned': no program")]
    [InlineData("\"touch\\0pwned\"", "NUL")]
    [InlineData("$(touch pwned)", "no program")]
    [InlineData("*nobody", "no anchor")]
    public async Task A_program_that_is_no_plain_name_is_an_error_and_nothing_runs(string program, string says)
    {
        _folder.Write("other.yaml", "touch\n");
        var file = _folder.Write("launch.yaml", $"tasks:\n  - name: good\n    program: touch\n    args: [pwned]\n  - name: a\n    program: {program}\n");
        var end = await ToolTests.Tool.RunAsync("launch", file, "--no-logs", "--cwd", _folder.Path);
        AssertCode(1, end);
        Assert.Contains(says, end.Error, StringComparison.Ordinal);
        AssertNothingElseRan();
    }

    [Fact]
    public async Task Anchors_and_merge_keys_stand_for_what_is_written_at_them_and_an_alias_changes_nobody_elses_task()
    {
        var file = _folder.Write("launch.yaml", """
            tasks:
              - &first
                name: a
                program: sh
                args: [-c, 'echo "$NAME $0"', one]
                environment: &env {NAME: first}
              - <<: *first
                name: b
                args: [-c, 'echo "$NAME $0"', two]
                environment: {<<: *env, NAME: second}
            """);
        var end = await ToolTests.Tool.RunAsync("launch", file, "--no-logs");
        AssertCode(0, end);
        Assert.Equal(["[a] first one", "[b] second two"], end.Lines.Order());
    }

    // The one trick that a PATH plays is the one that the docs name: a program without a slash is looked up in the PATH that its task has, which an env-file may set.
    [Theory]
    [InlineData("PATH=", true)]
    [InlineData("PATH=::", true)]
    [InlineData("PATH=FOLDER/bin", false)]
    public async Task A_path_is_looked_at_for_the_task_that_has_it_and_an_empty_entry_is_no_folder(string path, bool isError)
    {
        Directory.CreateDirectory(_folder["bin"]);
        foreach (var name in (string[])["tell", "bin/tell", "sleep", "sh"])
        {
            _folder.Write(name, $"#!/bin/sh\necho {name}\n", 0b111_101_101);
        }

        _folder.Write("env", path.Replace("FOLDER", _folder.Path, StringComparison.Ordinal) + "\n");
        var file = _folder.Write("launch.yaml", $"tasks:\n  - {{name: a, program: tell, cwd: {_folder.Path}, env-file: {_folder["env"]}}}\n");
        foreach (var end in (ToolEnd[])[await ToolTests.Tool.RunAsync("launch", file, "--no-logs"), await ToolTests.Tool.RunAsync("run", "-C", _folder.Path, "--env-file", _folder["env"], "--", "tell")])
        {
            Assert.Equal(isError, end.Code != 0);
            Assert.EndsWith(isError ? "" : "bin/tell\n", end.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_an_env_file_tells_shells_and_loaders_is_for_the_task_and_makes_the_launcher_run_nothing()
    {
        _folder.Write("evil.sh", $"touch {_folder["pwned"]}\n");
        _folder.Write("env", $"BASH_ENV={_folder["evil.sh"]}\nENV={_folder["evil.sh"]}\nLD_PRELOAD=/no/such/library.so\nDOTNET_STARTUP_HOOKS={_folder["evil.sh"]}\nIFS=x\nSHELLOPTS=xtrace\n");
        var file = _folder.Write("launch.yaml", $"tasks:\n  - {{name: a, program: printenv, args: [IFS, BASH_ENV], env-file: {_folder["env"]}}}\n");
        var launched = await ToolTests.Tool.RunAsync("launch", file, "--no-logs");
        AssertCode(0, launched);
        Assert.Equal($"[a] x\n[a] {_folder["evil.sh"]}\n", launched.Output);
        var run = await ToolTests.Tool.RunAsync("run", "--env-file", _folder["env"], "--", "printenv", "IFS", "BASH_ENV");
        Assert.Equal((0, $"x\n{_folder["evil.sh"]}\n"), (run.Code, run.Output));

        // The loader complains once for each program that it loads for the task, and never for what keeps the task: that is linked statically.
        Assert.All(new[] { launched.Error, run.Error }, error => Assert.DoesNotContain("signalstreams-keeper", error, StringComparison.Ordinal));
        AssertNothingElseRan();
    }

    [Fact]
    public async Task Logs_are_private_whatever_the_umask_and_no_link_leads_out_of_their_folder()
    {
        // In a folder that everybody may write to somebody has laid links where the next folders of logs will be: to a folder of his own, and to nowhere yet.
        Directory.CreateDirectory(_folder["logs"]);
        File.SetUnixFileMode(_folder["logs"], (UnixFileMode)0b1_111_111_111);
        Directory.CreateDirectory(_folder["his"]);
        var now = TimeProvider.System.GetLocalNow();
        for (var second = 0; second < 60; second++)
        {
            var name = _folder[$"logs/test-{now.AddSeconds(second).ToString("yyyy-MM-dd--HH-mm-ss", CultureInfo.InvariantCulture)}"];
            Directory.CreateSymbolicLink(name, _folder["his"]);
            Directory.CreateSymbolicLink($"{name}-2", _folder["nowhere"]);
        }

        var file = _folder.Launch(("a", "echo secret", ""), ("../../out", "echo out", ""));
        AssertCode(0, await ToolTests.Tool.RunOtherAsync("sh", "-c", "umask 0; exec \"$0\" launch \"$1\" --log-dir \"$2\"", ToolTests.Tool.Path, file, _folder["logs"]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["his"]));
        Assert.False(Directory.Exists(_folder["nowhere"]));
        var logs = new DirectoryInfo(_folder["logs"]).GetDirectories().Single(folder => folder.LinkTarget is null);
        Assert.Equal((UnixFileMode)0b111_000_000, logs.UnixFileMode);
        var files = logs.GetFiles();
        Assert.Equal(4, files.Length);
        Assert.All(files, log => Assert.Equal((UnixFileMode)0b110_000_000, log.UnixFileMode));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*out*", SearchOption.TopDirectoryOnly));
    }

    [Fact]
    public async Task A_folder_of_logs_that_has_to_be_made_is_private_up_to_its_root()
    {
        var file = _folder.Launch(("a", "echo secret", ""));
        AssertCode(0, await ToolTests.Tool.RunOtherAsync("sh", "-c", "umask 0; exec \"$0\" launch \"$1\" --log-dir \"$2\"", ToolTests.Tool.Path, file, _folder["new/logs"]));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(_folder["new/logs"]));
    }

    private void AssertNothingElseRan() => Assert.False(File.Exists(_folder["pwned"]) || File.Exists("pwned"));

    private static void AssertCode(int code, ToolEnd end) => Assert.True(code == end.Code, $"{end.Code}: {end.Output} {end.Error}");
}
