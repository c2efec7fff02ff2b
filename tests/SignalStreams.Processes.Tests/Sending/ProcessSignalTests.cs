using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

public sealed class ProcessSignalTests
{
    // Prints signal, code of siginfo, and value.
    private const string Receiver = "import signal\ns={signal.SIGUSR1,signal.SIGRTMIN+3}\nsignal.pthread_sigmask(signal.SIG_BLOCK,s)\nprint('ready',flush=True)\nwhile True:\n i=signal.sigwaitinfo(s)\n print('got',i.si_signo,i.si_code,i.si_pid,i.si_uid,flush=True)";

    private const string ValueReceiver = """
        import ctypes, signal
        libc = ctypes.CDLL(None)
        s = {signal.SIGRTMIN + 3}
        signal.pthread_sigmask(signal.SIG_BLOCK, s)
        info = (ctypes.c_int * 32)()
        mask = (ctypes.c_ulong * 16)(1 << (signal.SIGRTMIN + 2))
        print('ready', flush=True)
        while True:
            libc.sigwaitinfo(mask, info)
            print('value', info[2], info[4], info[6], flush=True)
        """;

    public static TheoryData<bool> Both => [true, false];

    [Fact]
    public async Task A_signal_arrives_by_id_by_object_and_by_number()
    {
        using var child = await TestChild.PythonAsync(Receiver);
        ProcessSignal.Send(child.Id, SIGUSR1);
        Assert.StartsWith("10 0 ", await child.ExpectRestAsync("got "), StringComparison.Ordinal);
        ProcessSignal.Send(child.Process, (ShutdownSignal)10);
        Assert.StartsWith("10 0 ", await child.ExpectRestAsync("got "), StringComparison.Ordinal);
        Assert.Equal(SendOutcome.Sent, ProcessSignal.TrySend(ProcessTarget.Group(child.Id), SIGUSR1));
        Assert.StartsWith("10 0 ", await child.ExpectRestAsync("got "), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_value_arrives_with_its_sender(bool usesDescriptors)
    {
        using var child = await TestChild.PythonAsync(ValueReceiver);
        var platform = new UnixProcessPlatform(usesDescriptors);
        foreach (var target in new[] { ProcessTarget.Process(child.Id), ProcessTarget.Group(child.Id), ProcessTarget.Tree(child.Id) })
        {
            foreach (var value in new[] { 42, -1, int.MinValue })
            {
                Assert.Equal(SendOutcome.Sent, platform.Send(target, ShutdownSignals.Parse("SIGRTMIN+3"), value));
                Assert.Equal(FormattableString.Invariant($"-1 {Environment.ProcessId} {value}"), await child.ExpectRestAsync("value "));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_tree_is_signalled_from_the_youngest_up(bool usesDescriptors)
    {
        using var child = await TestChild.BashAsync("bash -c 'bash -c \"sleep 1000 & echo ready; wait\" & wait' & wait");
        var members = new TreeMembers(ProcessTarget.Tree(child.Id).Identity, new ProcFileTable(), isForStop: true);
        await Until.TrueAsync(() => members.Find()[0].Name == "sleep", "the sleep should have been started");
        var order = members.Find();
        Assert.Equal(4, order.Count);
        Assert.Equal(child.Id, order[^1].Id);
        Assert.Equal(SendOutcome.Sent, new UnixProcessPlatform(usesDescriptors).Send(ProcessTarget.Tree(child.Id), SIGKILL, null));
        await Until.TrueAsync(() => child.Family().Count == 0, "all should have ended");
    }

    [Fact]
    public void A_process_may_send_to_itself() => ProcessSignal.Send(Environment.ProcessId, SIGWINCH);

    [Fact]
    public async Task Who_has_ended_is_gone_and_the_error_says_so()
    {
        using var child = TestChild.Start("true");
        await child.EndedAsync();
        var error = Assert.Throws<ProcessSignalException>(() => ProcessSignal.Send(child.Id, SIGTERM));
        Assert.Equal((SendOutcome.Gone, SIGTERM, child.Id), (error.Outcome, error.Signal, error.Target!.Identity.Id));
        Assert.Equal($"SIGTERM could not be sent to process {child.Id}: it has ended, or there never was one. Where that is no error, use TrySend.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_zombie_is_gone(bool usesDescriptors)
    {
        using var child = await TestChild.PythonAsync("import os,time\np=os.fork()\nif p==0: os._exit(3)\nos.waitid(os.P_PID,p,os.WEXITED|os.WNOWAIT)\nprint('zombie',p)\nprint('ready',flush=True)\ntime.sleep(1000)");
        var zombie = int.Parse(child.Output.Split('\n')[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal('Z', ProcessList.StateOf(zombie));
        Assert.Equal(SendOutcome.Gone, ProcessSignal.TrySend(zombie, SIGTERM));
        Assert.Equal(StopResult.AlreadyGone, (await GracefulStop.StopAsync(zombie, cancellationToken: TestContext.Current.CancellationToken)).Result);
        var platform = new UnixProcessPlatform(usesDescriptors);
        Assert.Null(platform.Identify(zombie));
    }

    [Fact]
    public void A_signal_of_another_platform_is_not_deliverable()
    {
        Assert.Equal(SendOutcome.NotDeliverable, ProcessSignal.TrySend(Environment.ProcessId, CTRL_LOGOFF_EVENT));
        var error = Assert.Throws<ProcessSignalException>(() => ProcessSignal.Send(Environment.ProcessId, CTRL_LOGOFF_EVENT));
        Assert.Contains("does not exist on this platform", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_of_no_platform_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => ProcessSignal.TrySend(Environment.ProcessId, 0));

    [Fact]
    public void An_object_without_a_process_is_an_error_at_the_door()
    {
        using var none = new Process();
        Assert.Throws<InvalidOperationException>(() => ProcessSignal.TrySend(none, SIGTERM));
    }
}
