using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

public sealed class StartDoorTests
{
    public static TheoryData<string, Action<ProcessStartInfo>> BadInfos => new()
    {
        { "FileName is empty", info => info.FileName = "" },
        { "UseShellExecute", info => info.UseShellExecute = true },
        { "as another user", info => info.UserName = "nobody" },
        { "Verb is 'open'", info => info.Verb = "open" },
        { "both Arguments and ArgumentList", info => { info.Arguments = "a"; info.ArgumentList.Add("b"); } },
        { "NUL character at position 1", info => info.ArgumentList.Add("a\0b") },
        { "NUL character", info => info.Arguments = "a\0b" },
        { "NUL character", info => info.FileName = "a\0b" },
        { "NUL character", info => info.WorkingDirectory = "/a\0b" },
        { "Environment['A'] has a NUL", info => info.Environment["A"] = "x\0" },
        { "has the name 'A=B'", info => info.Environment["A=B"] = "x" },
        { "must not be empty", info => info.Environment[""] = "x" },
    };

    public static TheoryData<string, Action<SupervisedProcessOptions>> BadOptions => new()
    {
        { "MaxLineLength is 0", o => o.MaxLineLength = 0 },
        { "1 GiB", o => o.MaxLineLength = int.MaxValue },
        { "Place", o => o.Place = (ProcessPlace)9 },
        { "Leftovers", o => o.Leftovers = (LeftoverPolicy)9 },
        { "Backoff", o => o.Restart = RestartPolicy.Always with { Backoff = TimeSpan.FromSeconds(-1) } },
        { "shorter than Backoff", o => o.Restart = RestartPolicy.Always with { Backoff = TimeSpan.FromHours(1) } },
        { "49 days", o => o.Restart = RestartPolicy.Always with { MaxBackoff = TimeSpan.FromDays(50) } },
        { "BackoffFactor", o => o.Restart = RestartPolicy.Always with { BackoffFactor = 0.5 } },
        { "BackoffFactor", o => o.Restart = RestartPolicy.Always with { BackoffFactor = double.NaN } },
        { "Jitter", o => o.Restart = RestartPolicy.Always with { Jitter = 1.1 } },
        { "Jitter", o => o.Restart = RestartPolicy.Always with { Jitter = double.NaN } },
        { "MaxRestarts", o => o.Restart = RestartPolicy.Always with { MaxRestarts = -1 } },
        { "ResetAfter", o => o.Restart = RestartPolicy.Always with { ResetAfter = TimeSpan.FromTicks(-1) } },
        { "When", o => o.Restart = RestartPolicy.Always with { When = (RestartWhen)9 } },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(BadInfos))]
    public void What_cannot_be_done_is_refused_at_the_door_and_nothing_is_started(string says, Action<ProcessStartInfo> spoil)
    {
        var platform = new FakePlatform();
        var info = Fixture.Info();
        spoil(info);
        var error = Assert.Throws<ArgumentException>(() => SupervisedProcess.Start(info, null, platform.Parts));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal("startInfo", error.ParamName);
        Assert.Equal(0, platform.Starts);
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(BadOptions))]
    public void An_option_out_of_its_range_is_refused_at_the_door(string says, Action<SupervisedProcessOptions> spoil)
    {
        var platform = new FakePlatform();
        var options = new SupervisedProcessOptions();
        spoil(options);
        var error = Assert.Throws<ArgumentException>(() => SupervisedProcess.Start(Fixture.Info(), options, platform.Parts));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, platform.Starts);
    }

    [Fact]
    public async Task Arguments_environment_and_folder_arrive_exactly()
    {
        var platform = new FakePlatform();
        var info = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/usr/bin", RedirectStandardInput = true };
        info.ArgumentList.Add("");
        info.ArgumentList.Add("a b\"c'$X\n\u00e4");
        info.Environment.Clear();
        info.Environment["A"] = "1=2\n";
        info.Environment["B"] = null;
        await using var process = SupervisedProcess.Start(info, null, platform.Parts);
        var start = (await platform.NextAsync()).Start;
        Assert.Equal("/bin/sh", start.FileName);
        Assert.Equal(["", "a b\"c'$X\n\u00e4"], start.Arguments);
        Assert.Equal([new("A", "1=2\n")], start.Environment);
        Assert.Equal("/usr/bin", start.WorkingDirectory);
        Assert.Equal((true, false, false), (start.RedirectInput, start.RedirectOutput, start.RedirectError));
    }

    [Fact]
    public async Task What_becomes_of_the_start_info_later_has_no_influence_on_a_restart()
    {
        var platform = new FakePlatform();
        var info = Fixture.Info();
        info.ArgumentList.Add("a");
        var options = new SupervisedProcessOptions { Restart = RestartPolicy.Always with { Backoff = TimeSpan.Zero } };
        await using var process = SupervisedProcess.Start(info, options, platform.Parts);
        var first = await platform.NextAsync();
        info.ArgumentList[0] = "b";
        info.FileName = "/bin/false";
        info.Environment["X"] = "y";
        first.Fail();
        var second = await platform.NextAsync();
        Assert.Equal("/bin/sh", second.Start.FileName);
        Assert.Equal(["a"], second.Start.Arguments);
        Assert.False(second.Start.Environment.ContainsKey("X"));
    }
}
