namespace SignalStreams.Processes.Tests;

[Collection(nameof(ChildrenAlone))]
public sealed class ChildStartTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_code_arrives_exactly(bool withKeeper)
    {
        await using var child = Starts.Start(Starts.Shell("exit 143"), withKeeper);
        Assert.Equal(ProcessExitStatus.FromCode(143), await Starts.ExitOf(child));
        await Starts.GoneOf(child);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_signal_arrives_exactly(bool withKeeper)
    {
        await using var child = Starts.Start(Starts.Shell("kill -TERM $$"), withKeeper);
        Assert.Equal(ProcessExitStatus.FromSignal(SIGTERM), await Starts.ExitOf(child));
        await Starts.GoneOf(child);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_core_file_is_told_of(bool withKeeper)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using var child = Starts.Start(Starts.Bash("ulimit -c unlimited; kill -SEGV $$") with { WorkingDirectory = folder.FullName }, withKeeper);
            var status = await Starts.ExitOf(child);
            Assert.Equal((ShutdownSignal)11, status.Signal is { } signal ? (ShutdownSignal)signal.GetNumber() : 0);

            // Where a pipe takes the core files the kernel says that there is one, or not, by its own lights.
            Assert.SkipWhen(File.ReadAllText("/proc/sys/kernel/core_pattern").StartsWith('|'), "this system pipes its core files");
            Assert.True(status.IsCoreDumped);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Arguments_arrive_exactly(bool withKeeper)
    {
        string[] arguments = ["", " ", "a b", "\"'`$(x)\\", "one\ntwo\r", "żółw 🐢", "-", "*", new string('x', 100_000), ""];
        await using var child = Starts.Start(Starts.Of("/usr/bin/printf", ["%s\\0", .. arguments]), withKeeper);
        Assert.Equal(string.Concat(arguments.Select(argument => argument + "\0")), await Starts.TextOf(child));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_told_the_name_that_it_was_called_by(bool withKeeper)
    {
        await using var child = Starts.Start(Starts.Of("/bin/cat", "/proc/self/cmdline") with { Name = "kitten" }, withKeeper);
        Assert.Equal("kitten\0/proc/self/cmdline\0", await Starts.TextOf(child));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_environment_arrives_exactly(bool withKeeper)
    {
        var environment = new Dictionary<string, string> { ["A"] = "", ["B C"] = "x=y\nz", ["Ż"] = "\"'$A", ["LONG"] = new string('x', 100_000) };
        await using var child = Starts.Start(Starts.Of("/usr/bin/env", "-0") with { Environment = environment }, withKeeper);
        var expected = environment.Select(pair => $"{pair.Key}={pair.Value}").Order();
        Assert.Equal(expected, (await Starts.TextOf(child)).TrimEnd('\0').Split('\0').Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_redirected_comes_and_goes(bool withKeeper)
    {
        await using var child = Starts.Start(Starts.Shell("cat; echo error >&2"), withKeeper);
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await child.Input!.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await child.Input.DisposeAsync();
        Assert.Equal(bytes, await Starts.OutputOf(child));
        Assert.Equal("error\n", await Starts.ErrorOf(child));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_redirected_is_ours(bool withKeeper)
    {
        var start = Starts.Shell("a=$(readlink /proc/$$/fd/0); b=$(readlink /proc/$$/fd/1); echo \"$a\" >&2; echo \"$b\" >&2") with { RedirectInput = false, RedirectOutput = false };
        await using var child = Starts.Start(start, withKeeper);
        Assert.Null(child.Input);
        Assert.Null(child.Output);
        var expected = string.Concat(Enumerable.Range(0, 2).Select(i => File.ResolveLinkTarget($"/proc/self/fd/{i}", false) is { } link ? Path.GetFileName(link.FullName) + "\n" : "?"));
        var actual = await Starts.ErrorOf(child);
        Assert.Equal(expected, string.Concat(actual.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Path.GetFileName(line) + "\n")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_runs_in_its_folder(bool withKeeper)
    {
        await using var child = Starts.Start(Starts.Of("/bin/pwd", "-P") with { WorkingDirectory = "/usr" }, withKeeper);
        Assert.Equal("/usr\n", await Starts.TextOf(child));
    }

    [Theory]
    [InlineData(true, ProcessPlace.Session)]
    [InlineData(false, ProcessPlace.Session)]
    [InlineData(true, ProcessPlace.Group)]
    [InlineData(false, ProcessPlace.Group)]
    [InlineData(true, ProcessPlace.Foreground)]
    [InlineData(false, ProcessPlace.Foreground)]
    public async Task It_leads_the_session_or_the_group_that_was_asked_for(bool withKeeper, ProcessPlace place)
    {
        await using var child = Starts.Start(Starts.Shell("echo ready; read x") with { Place = place }, withKeeper);
        Assert.Equal("ready", await Starts.LineOf(child));
        var entry = UnixProcesses.Find(child.Identity.Id)!.Value;
        Assert.Equal(child.Identity.Id, entry.Group);
        Assert.Equal(child.Identity, entry.Identity);
        Assert.Equal("sh", child.Identity.Name);
        Assert.Equal(place == ProcessPlace.Session ? child.Identity.Id : UnixProcesses.Find(Environment.ProcessId)!.Value.Session, entry.Session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_descriptor_of_ours_is_inherited(bool withKeeper)
    {
        using var file = File.OpenRead("/proc/self/status");
        await using var other = Starts.Start(Starts.Shell("read x"), withKeeper);
        await using var child = Starts.Start(Starts.Of("/bin/ls", "/proc/self/fd"), withKeeper);

        // The fourth is the folder that ls reads.
        Assert.Equal("0\n1\n2\n3\n", await Starts.TextOf(child));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_descriptor_is_inherited_when_many_start_at_once_and_others_are_open_to_all(bool withKeeper)
    {
        const int Duplicate = 0;
        using var file = File.OpenRead("/proc/self/status");
        using var isOver = new CancellationTokenSource();

        // Not closed at an exec: what a careless library has open.
        var careless = Task.Run(() =>
        {
            while (!isOver.IsCancellationRequested)
            {
                _ = LibC.Close(ChildCalls.SetDescriptor((int)file.SafeFileHandle.DangerousGetHandle(), Duplicate, 3));
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await using var child = Starts.Start(Starts.Of("/bin/ls", "/proc/self/fd"), withKeeper);
                Assert.Equal("0\n1\n2\n3\n", await Starts.TextOf(child));
            }
        })));
        await isOver.CancelAsync();
        await careless.Within();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signals_are_as_in_a_fresh_process(bool withKeeper)
    {
        await using var child = Starts.Start(Starts.Of("/bin/cat", "/proc/self/status"), withKeeper);
        var lines = (await Starts.TextOf(child)).Split('\n');
        Assert.Contains("SigBlk:\t0000000000000000", lines);
        Assert.Contains("SigCgt:\t0000000000000000", lines);
        var ours = File.ReadAllLines("/proc/self/status");
        var ignored = Convert.ToUInt64(ours.Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16) & ~(1ul << 12) & ~(1ul << 16);

        // glibc's posix_spawn sets its two own signals to be ignored; whatever it starts sets them anew, and the keeper resets them.
        Assert.Contains(lines, line => line == $"SigIgn:\t{ignored:x16}" || (!withKeeper && line == $"SigIgn:\t{ignored | (3ul << 31):x16}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_program_is_said_to_be_missing(bool withKeeper)
    {
        var e = Assert.Throws<ProcessStartException>(() => Starts.Start(Starts.Of("/nowhere/program"), withKeeper));
        Assert.Equal(2, e.NativeErrorCode);
        Assert.Equal("/nowhere/program", e.FileName);
        Assert.Contains("there is no such program", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_that_is_gone_is_named(bool withKeeper)
    {
        var e = Assert.Throws<ProcessStartException>(() => Starts.Start(Starts.Shell("exit") with { WorkingDirectory = "/nowhere/at all" }, withKeeper));
        Assert.Equal(2, e.NativeErrorCode);
        Assert.Contains("working directory '/nowhere/at all' does not exist", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "no mode", 0, "echo", 13, "may not execute it")]
    [InlineData(false, "no mode", 0, "echo", 13, "may not execute it")]
    [InlineData(true, "no interpreter", 493, "echo", 8, "no program of this system")]
    [InlineData(false, "no interpreter", 493, "echo", 8, "no program of this system")]
    [InlineData(true, "interpreter missing", 493, "#! /nowhere/sh -e\necho", 2, "'/nowhere/sh'")]
    [InlineData(false, "interpreter missing", 493, "#! /nowhere/sh -e\necho", 2, "'/nowhere/sh'")]
    public async Task What_cannot_be_executed_is_explained(bool withKeeper, string name, int mode, string text, int error, string message)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
            File.SetUnixFileMode(path, (UnixFileMode)mode);
            var e = Assert.Throws<ProcessStartException>(() => Starts.Start(Starts.Of(path), withKeeper));
            Assert.Equal(error, e.NativeErrorCode);
            Assert.Contains(message, e.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Too_long_an_argument_is_refused(bool withKeeper)
    {
        var e = Assert.Throws<ProcessStartException>(() => Starts.Start(Starts.Of("/bin/true", new string('x', 200_000)), withKeeper));
        Assert.Equal(7, e.NativeErrorCode);
        Assert.Contains("too long", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zero_character_is_refused() => Assert.Throws<ArgumentException>(() => Starts.Start(Starts.Of("/bin/true", "a\0b")));

    [Fact]
    public async Task The_keeper_shows_nothing_of_the_child_in_its_command_line()
    {
        await using var child = (KeptChild)Starts.Start(Starts.Of("/bin/sh", "-c", "echo ready; read x", "unmistakable-argument"));
        Assert.Equal("ready", await Starts.LineOf(child));
        Assert.Equal("signalstreams-keeper", File.ReadAllText($"/proc/{child.Keeper}/cmdline").TrimEnd('\0'));
        Assert.Equal("ss-keeper", UnixProcesses.Find(child.Keeper)!.Value.Identity.Name);
        Assert.Contains("unmistakable-argument", File.ReadAllText($"/proc/{child.Identity.Id}/cmdline"), StringComparison.Ordinal);
    }
}
