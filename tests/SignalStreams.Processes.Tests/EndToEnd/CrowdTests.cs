namespace SignalStreams.Processes.Tests;

/// <summary>Many at once, and more while they are being stopped.</summary>
[Collection(nameof(ChildrenAlone))]
public sealed class CrowdTests
{
    private const string Thousand = """
        import os, time
        r, w = os.pipe()
        for i in range(9):
            if os.fork() == 0:
                if i % 3 == 0: os.setsid()
                for j in range(110):
                    if os.fork() == 0:
                        os.write(w, b'.')
                        time.sleep(1000)
                os.write(w, b'.')
                time.sleep(1000)
        n = 0
        while n < 999: n += len(os.read(r, 4096))
        print('ready', flush=True)
        time.sleep(1000)
        """;

    // Chains of processes, each of which forks the next and ends: 20 at a time, and SIGTERM makes none of them stop. Bounded: 60 000 in all.
    private const string Bomb = """
        import os, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        for i in range(20):
            if os.fork() == 0:
                for generation in range(3000):
                    if os.fork() > 0:
                        time.sleep(0.005)
                        os._exit(0)
                    if generation % 50 == 0: os.setpgid(0, 0)
                os._exit(0)
        print('ready', flush=True)
        time.sleep(1000)
        """;

    // Two grow where SIGTERM ends one, six generations long.
    private const string Hydra = """
        import os, signal, time
        generation = 0
        def grow(s, f):
            global generation
            if generation < 6:
                generation += 1
                for i in range(2):
                    if os.fork() == 0: return
            os._exit(0)
        signal.signal(signal.SIGTERM, grow)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print('ready', flush=True)
        while True: time.sleep(1000)
        """;

    private static readonly StopPlan Ask = StopPlan.Send(SIGTERM, 2 * TestChild.Limit);
    private static readonly StopPlan Kill = StopPlan.Send(SIGKILL, 2 * TestChild.Limit);
    private static readonly StopPlan AskBriefly = StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(50)).ThenKill(TestChild.Limit);

    [Theory]
    [InlineData(true, "control group")]
    [InlineData(true, "keeper")]
    [InlineData(false, "control group")]
    [InlineData(false, "keeper")]
    public async Task A_supervised_tree_of_a_thousand_is_stopped_in_one_call(bool politely, string kept)
    {
        using var family = new Family();
        await using var process = StopCastTests.Start([Programs.Require("python3"), "-c", Thousand], kept, family);
        await StopCastTests.ReadyAsync(process);

        // And their keeper.
        Assert.Equal(1001, family.Living().Count);
        var outcome = await process.StopAsync(politely ? Ask : Kill).WaitAsync(3 * TestChild.Limit, TestContext.Current.CancellationToken);
        Assert.True(outcome.Result == (politely ? StopResult.Graceful : StopResult.Killed), outcome.ToString());
        family.AssertGone();
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.ToString());
    }

    [Theory]
    [InlineData(Bomb, "control group")]
    [InlineData(Bomb, "keeper")]
    [InlineData(Hydra, "control group")]
    [InlineData(Hydra, "keeper")]
    public async Task A_supervised_fork_bomb_that_goes_on_while_it_is_stopped_is_gone(string script, string kept)
    {
        using var family = new Family();
        using var bystanders = new Bystanders();
        bystanders.Add();
        await using var process = StopCastTests.Start([Programs.Require("python3"), "-c", script], kept, family);
        await StopCastTests.ReadyAsync(process);
        var outcome = await process.StopAsync(AskBriefly).WaitAsync(2 * TestChild.Limit, TestContext.Current.CancellationToken);
        Assert.True(outcome.IsGone, outcome.ToString());
        family.AssertGone();
        bystanders.AssertUnharmed();
    }

    [Theory]
    [InlineData(Bomb)]
    [InlineData(Hydra)]
    public async Task A_foreign_fork_bomb_that_goes_on_while_it_is_stopped_is_gone(string script)
    {
        using var bystanders = new Bystanders();
        bystanders.Add();
        using var child = await TestChild.PythonAsync(script);
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child.Process), AskBriefly, cancellationToken: TestContext.Current.CancellationToken)
            .WaitAsync(2 * TestChild.Limit, TestContext.Current.CancellationToken);
        Assert.True(outcome.IsGone, outcome.ToString());
        Assert.Empty(child.Family());
        bystanders.AssertUnharmed();
    }
}
