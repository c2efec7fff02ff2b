using System.Globalization;

namespace SignalStreams.Processes.Tests;

[Collection(nameof(ChildrenAlone))]
public sealed class ManyChildrenTests
{
    [Theory]
    [InlineData(true, 300)]
    [InlineData(false, 100)]
    public async Task Idle_children_take_no_thread_and_no_time(bool withKeeper, int count)
    {
        var children = new List<IStartedChild>();
        try
        {
            // The first brings the watcher's thread with it, and the runtime's for the pipes.
            var before = 0;
            var reads = new List<Task<int>>();
            for (var i = 0; i < count; i++)
            {
                var child = Starts.Start(Starts.Of("/bin/sleep", "600"), withKeeper);
                children.Add(child);
                reads.Add(child.Output!.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask());
                reads.Add(child.Error!.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask());
                if (i == 0)
                {
                    before = Threads();
                }
            }

            Assert.DoesNotContain(reads, read => read.IsCompleted);
            Assert.InRange(Threads(), 1, before + 20);
            Assert.InRange(ThreadPool.ThreadCount, 0, 32);

            var keepers = children.OfType<KeptChild>().Select(child => child.Keeper).ToList();
            Assert.Equal(withKeeper ? count : 0, keepers.Count);
            var ticks = keepers.Sum(Ticks);
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            Assert.Equal(ticks, keepers.Sum(Ticks));

            foreach (var child in children)
            {
                child.KillAll();
            }

            foreach (var child in children)
            {
                Assert.Equal(ProcessExitStatus.FromSignal(SIGKILL), await Starts.ExitOf(child));
            }

            await Task.WhenAll(reads).Within();
        }
        finally
        {
            foreach (var child in children)
            {
                await child.DisposeAsync();
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_left_of_many_starts_and_stops(bool withKeeper)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("SIGNALSTREAMS_TEST_CYCLES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cycles) ? cycles : 500;
        await CycleAsync(withKeeper, 20);
        var descriptors = Descriptors();
        var processes = Children();
        await CycleAsync(withKeeper, count);
        Assert.Equal(processes, Children());
        await Starts.Until(() => Starts.ControlGroupFolders().Length == 0, "the control groups are gone");

        // The runtime closes some when it likes.
        await Starts.Until(() => Descriptors() <= descriptors + 3, "the descriptors are closed");
    }

    private static async Task CycleAsync(bool withKeeper, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var child = Starts.Start(i % 2 == 0 ? Starts.Shell("exit 7") : Starts.Bash("sleep 600 & echo $!; sleep 600"), withKeeper);
            if (i % 2 == 0)
            {
                Assert.Equal(ProcessExitStatus.FromCode(7), await Starts.ExitOf(child));
            }
            else
            {
                var other = int.Parse(await Starts.LineOf(child), CultureInfo.InvariantCulture);
                await child.DisposeAsync();
                Assert.True(child.Gone.IsCompletedSuccessfully);
                Assert.False(Starts.IsAlive(other));
            }
        }
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static int Children() => ChildTable.Descendants(ChildTable.TryReadAll()!, Environment.ProcessId).Count;

    private static long Ticks(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
        return long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
    }
}
