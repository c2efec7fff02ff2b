namespace SignalStreams.Processes.Tests;

public sealed class ProcessTargetTests
{
    [Theory]
    [InlineData(0, "every process in the group")]
    [InlineData(-1, "every process that there is")]
    [InlineData(-12, "Pass 12 to ProcessTarget.Group")]
    public void An_id_that_kill_gives_another_meaning_is_refused(int id, string why)
    {
        foreach (var make in new Func<int, ProcessTarget>[] { ProcessTarget.Process, ProcessTarget.Tree, ProcessTarget.Group })
        {
            Assert.Contains(why, Assert.Throws<ArgumentOutOfRangeException>(() => make(id)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessSignal.TrySend(id, SIGTERM));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = GracefulStop.StopAsync(id, cancellationToken: TestContext.Current.CancellationToken); });
    }

    [Fact]
    public async Task A_target_says_what_it_is()
    {
        using var child = await TestChild.SleepAsync();
        Assert.Equal($"process {child.Id} (sleep)", ProcessTarget.Process(child.Id).ToString());
        Assert.Equal($"process {child.Id} (sleep)", ProcessTarget.Process(child.Process).ToString());
        Assert.Equal($"group {child.Id} (sleep)", ProcessTarget.Group(child.Id).ToString());
        Assert.Equal($"the tree of process {child.Id} (sleep)", ProcessTarget.Tree(child.Process).ToString());
        Assert.True(ProcessTarget.Process(child.Id).Identity.StartTime > 0);
    }

    [Fact]
    public async Task An_id_that_nobody_has_is_an_outcome()
    {
        int id;
        using (var child = TestChild.Start("true"))
        {
            id = child.Id;
            await child.EndedAsync();
            Assert.Equal(SendOutcome.Gone, ProcessSignal.TrySend(child.Process, SIGTERM));
            Assert.Equal(StopResult.AlreadyGone, (await GracefulStop.StopAsync(child.Process, cancellationToken: TestContext.Current.CancellationToken)).Result);
        }

        foreach (var target in new[] { ProcessTarget.Process(id), ProcessTarget.Group(id), ProcessTarget.Tree(id) })
        {
            Assert.Equal(SendOutcome.Gone, ProcessSignal.TrySend(target, SIGTERM));
            var outcome = await GracefulStop.StopAsync(target, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(StopResult.AlreadyGone, outcome.Result);
            Assert.EndsWith("had ended already", outcome.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_later_process_of_the_same_id_is_not_hit()
    {
        using var child = await TestChild.SleepAsync();
        foreach (var usesDescriptors in new[] { true, false })
        {
            var table = new ProcFileTable();
            var sender = new ProcessSender(table, usesDescriptors);
            Assert.Equal(ProcessLookup.Found, table.Find(child.Id, out var found));
            var former = found.Identity with { StartTime = found.Identity.StartTime - 1 };
            Assert.Equal(SendOutcome.Gone, sender.Send(former, null, SIGKILL.GetNumber(), null));
            Assert.Equal(SendOutcome.Gone, sender.Send(former, null, SIGKILL.GetNumber(), 3));
            Assert.Equal(ProcessLookup.Gone, ProcessDescriptor.TryOpen(former, table, null, out var descriptor));
            Assert.Null(descriptor);
            Assert.Empty(new TreeMembers(former, table, isForStop: true).Find());
        }

        Assert.False(child.Process.HasExited);
    }

    [Fact]
    public async Task The_id_of_a_thread_stands_for_nobody()
    {
        using var child = await TestChild.PythonAsync("import threading,time\nt=threading.Thread(target=time.sleep,args=(1000,),daemon=True)\nt.start()\nprint(f'thread {t.native_id}\\nready',flush=True)\ntime.sleep(1000)");
        var thread = int.Parse(child.Output.Split('\n').Single(line => line.StartsWith("thread ", StringComparison.Ordinal))[7..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(SendOutcome.Gone, ProcessSignal.TrySend(thread, SIGKILL));
        Assert.False(child.Process.HasExited);
    }

    [Fact]
    public void Stopping_oneself_is_refused_and_says_what_to_do()
    {
        var error = Assert.Throws<ArgumentException>(() => { _ = GracefulStop.StopAsync(Environment.ProcessId, cancellationToken: TestContext.Current.CancellationToken); });
        Assert.Contains("ProcessTarget.Tree(Environment.ProcessId)", error.Message, StringComparison.Ordinal);
    }
}
