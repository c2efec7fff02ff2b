using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Processes.Tests;

[Collection(nameof(ChildrenAlone))]
public sealed class SupervisedCycleTests
{
    private static readonly StopPlan Patient = StopPlan.Send(SIGTERM, TestChild.Limit).ThenKill(TestChild.Limit);

    [Fact]
    public async Task Many_starts_and_stops_leave_nothing_behind_and_hit_nobody_else()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("SIGNALSTREAMS_TEST_CYCLES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cycles) ? cycles : 500;
        Starts.UseKeeper(true);
        using var family = new Family();
        using var bystanders = new Bystanders();
        await CycleAsync(50, family, bystanders);
        var threads = Threads();
        var descriptors = ProcessList.Descriptors();
        var children = Children();
        await CycleAsync(count, family, bystanders);
        bystanders.AssertUnharmed();
        family.AssertGone();
        Assert.Equal(0, ProcessList.ZombiesOf(Environment.ProcessId));

        // Ten bystanders have come, and stay until the end of this test.
        Assert.Equal(children + 10, Children());
        await Until.TrueAsync(() => Starts.ControlGroupFolders().Length == 0, "no control group should be left");
        await Until.TrueAsync(() => ProcessList.Descriptors() <= descriptors + 20, $"no descriptor should be left: {descriptors} before, {ProcessList.Descriptors()} now");

        // The pool of the runtime takes some when it likes.
        await Until.TrueAsync(() => Threads() <= threads + 16, $"no thread should be left: {threads} before, {Threads()} now");
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{count} cycles: descriptors {descriptors}, then {ProcessList.Descriptors()}; threads {threads}, then {Threads()}"));
    }

    [Fact]
    public async Task One_that_has_ended_and_whose_output_nobody_has_read_is_disposed_at_once()
    {
        // The reading begins with the disposal, and once in some hundred times just as the pipe was closed.
        using var family = new Family();
        for (var i = 0; i < 300; i++)
        {
            await CycleOnceAsync(0, family).WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
        }
    }

    private static async Task CycleAsync(int count, Family family, Bystanders bystanders)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % (count / 10) == 0 && count >= 100)
            {
                bystanders.Add();
            }

            try
            {
                await CycleOnceAsync(i, family).WaitAsync(2 * TestChild.Limit, TestContext.Current.CancellationToken);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Cycle {i} of kind {i % 6}: {e.Message} Living: {string.Join("; ", family.Describe())}", e);
            }
        }
    }

    private static async Task CycleOnceAsync(int i, Family family)
    {
        var info = new ProcessStartInfo("bash", ["-c", ScriptOf(i % 6)]) { RedirectStandardOutput = true };
        family.Mark(info.Environment);
        await using var process = SupervisedProcess.Start(info);
        switch (i % 6)
        {
            case 0:
                Assert.Equal(ProcessExitStatus.FromCode(7), await process.Completion);
                break;
            case 1:
                await StopCastTests.ReadyAsync(process);
                var polite = await process.StopAsync(Patient);
                Assert.Equal((StopResult.Graceful, ProcessExitStatus.FromSignal(SIGTERM)), (polite.Result, polite.ExitStatus));
                break;
            case 2:
                await StopCastTests.ReadyAsync(process);
                var deaf = await process.StopAsync(StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(1)).ThenKill(TestChild.Limit));
                Assert.Equal((StopResult.Killed, ProcessExitStatus.FromSignal(SIGKILL)), (deaf.Result, deaf.ExitStatus));
                break;
            case 3:
                await StopCastTests.ReadyAsync(process);
                process.Kill();
                Assert.Equal(ProcessExitStatus.FromSignal(SIGKILL), await process.Completion);
                break;
            case 4:
                // Stopped while it may still be on its way.
                Assert.True((await process.StopAsync(Patient)).IsGone);
                break;
            default:
                // Disposed, with a daemon that has forked twice.
                await StopCastTests.ReadyAsync(process);
                break;
        }
    }

    private static string ScriptOf(int kind) => kind switch
    {
        0 => "exit 7",
        1 => "sleep 1000 & echo ready; exec sleep 1000",
        2 => "trap '' TERM; echo ready; exec sleep 1000",
        5 => "(setsid sleep 1000 &); echo ready; exec sleep 1000",
        _ => "echo ready; exec sleep 1000",
    };

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static int Children() => ChildTable.Descendants(ChildTable.TryReadAll()!, Environment.ProcessId).Count;
}
