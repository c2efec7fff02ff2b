using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.ProcessTests.Stress;

/// <summary>Signals while the runtime's own handlers, the garbage collector and the starting of processes are at work.</summary>
[Collection(PendingSignals.Name)]
public sealed class FaultsTests
{
    private static readonly ShutdownSignal Signal = ShutdownSignals.Parse("SIGRTMIN+5");

    // Ten minutes: SIGNALSTREAMS_FAULT_SECONDS=600.
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("SIGNALSTREAMS_FAULT_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 5);

    [Fact]
    public async Task Faults_collections_and_processes_cost_no_signal_and_no_child_its_mask()
    {
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Scenario("Faults", Signal.GetName()) with { Input = ChildInput.Pipe });
        var start = TimeProvider.System.GetTimestamp();
        var (sent, rounds) = (0, 0);
        while (TimeProvider.System.GetElapsedTime(start) < Time)
        {
            for (var i = 0; i < 100; i++, sent++)
            {
                await child.UntilAsync(() => child.Queue(Signal, sent), "take what is queued for it");
            }

            // A pause for the faults, between bursts; nothing is synchronised by it.
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
            if (++rounds % 100 == 0)
            {
                // What is sent meanwhile waits in the kernel.
                child.Send(SIGSTOP);
                await child.UntilAsync(() => child.Queue(Signal, sent), "take what is queued for it");
                sent++;
                child.Send(SIGCONT);
            }

            if (rounds % 500 == 50)
            {
                await AttachDebuggerAsync(child.Id);
            }
        }

        // Asked again until it has what is still on its way.
        var asked = TimeProvider.System.GetTimestamp();
        string answer;
        do
        {
            Assert.True(TimeProvider.System.GetElapsedTime(asked) < ChildProcess.Limit, $"{sent} were sent. {child.Output}");
            child.Tell("how many?");
            answer = await child.ExpectRestAsync("received ");
        }
        while (answer != sent.ToString(CultureInfo.InvariantCulture));

        child.CloseInput();
        var report = await child.ExpectRestAsync($"received {sent}, lost 0; ");
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} sent; {report}");
        await child.AssertEndsAsync(0);
    }

    // It stops every thread, looks, and lets go.
    private static async Task AttachDebuggerAsync(int process)
    {
        try
        {
            using var gdb = Process.Start(new ProcessStartInfo("gdb", ["-batch", "-p", process.ToString(CultureInfo.InvariantCulture), "-ex", "detach"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var error = gdb.StandardError.ReadToEndAsync();
            await gdb.StandardOutput.ReadToEndAsync();
            await gdb.WaitForExitAsync();
            if (gdb.ExitCode != 0)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"gdb could not be attached: {await error}");
            }
        }
        catch (Win32Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine("gdb is not installed: nothing was attached.");
        }
    }
}
