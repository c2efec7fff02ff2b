using System.Globalization;

namespace SignalStreams.ProcessTests.Native;

/// <summary>Who sent a signal.</summary>
[Collection(PendingSignals.Name)]
public sealed class OriginTests
{
    private const string CtrlC = "\u0003";

    private static string User => string.Create(CultureInfo.InvariantCulture, $"uid {LibC.EffectiveUser()}");

    private static async Task<ChildProcess> StartAsync(string action, params string[] signals)
    {
        Assert.SkipUnless(Backend.IsNative, "The portable source does not know.");
        return await ChildProcess.StartReadyAsync(ChildStart.Scenario("Origins", [action, .. signals]) with { Input = ChildInput.Pipe });
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("SIGHUP")]
    [InlineData("SIGUSR2")]
    [InlineData("SIGWINCH")]
    public async Task Signal_of_another_process_names_it_and_its_user(string name)
    {
        using var child = await StartAsync("nothing", name);
        child.Send(ShutdownSignals.Parse(name));
        await child.ExpectAsync($"{name} Process: {Backend.Sender}");
    }

    [Theory]
    [InlineData("SIGTERM", 0)]
    [InlineData("SIGRTMIN+3", int.MinValue)]
    public async Task Value_of_sigqueue_comes_along(string name, int value)
    {
        using var child = await StartAsync("nothing", name);
        await child.UntilAsync(() => child.Queue(ShutdownSignals.Parse(name), value), "take what is queued for it");
        await child.ExpectAsync($"{name} Queue: {Backend.Sender}, value {value}");
    }

    [Fact]
    public async Task Signal_of_a_process_that_has_ended_has_its_id_and_no_name()
    {
        using var child = await StartAsync("line", "SIGHUP");
        using var sender = new ChildStart("sh", "-c", $"kill -HUP {child.Id}").Run();
        await sender.WaitForExitAsync();
        child.Tell("read now");
        await child.ExpectAsync($"SIGHUP Process: pid {sender.Id}, {User}");
    }

    [Fact]
    public async Task Name_that_would_break_a_line_of_a_log_does_not()
    {
        using var child = await StartAsync("nothing", "SIGHUP");
        var script = $"printf 'a\\nb' > /proc/$$/comm; kill -HUP {child.Id}; read line";
        using var sender = (new ChildStart("sh", "-c", script) with { Input = ChildInput.Pipe }).Run();
        await child.ExpectAsync($"SIGHUP Process: pid {sender.Id} (a?b), {User}");
    }

    [Fact]
    public async Task Raised_signal_is_this_process_s_own()
    {
        using var child = await StartAsync("raise", "SIGUSR1");
        await child.ExpectAsync($"SIGUSR1 Self: this process, pid self (SignalStreams.T), {User}");
    }

    [Fact]
    public async Task Raised_value_comes_back()
    {
        using var child = await StartAsync("raise-value", "SIGUSR1");
        await child.ExpectAsync($"SIGUSR1 Queue: pid self (SignalStreams.T), {User}, value 7");
    }

    [Fact]
    public async Task Timer_is_named()
    {
        using var child = await StartAsync("timer", "SIGALRM");
        await child.ExpectAsync("SIGALRM Timer: timer");
    }

    [Fact]
    public async Task Child_that_ended_is_told_of_by_the_kernel()
    {
        using var child = await StartAsync("child", "SIGCHLD");
        var rest = await child.ExpectRestAsync("SIGCHLD Kernel: kernel, pid ");
        Assert.EndsWith(User, rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Typed_Ctrl_C_comes_from_the_terminal()
    {
        Assert.SkipUnless(Backend.IsNative, "The portable source does not know.");
        var shell = new ChildStart("sh", "-c", "stty -echo; exec \"$0\" Origins nothing SIGINT", ChildStart.TestProgram) with { Input = ChildInput.Terminal };
        using var child = await ChildProcess.StartReadyAsync(shell);
        child.Type(CtrlC);
        await child.ExpectAsync("SIGINT Terminal: terminal");
    }
}
