using System.Diagnostics;
using Medallion.Shell;

namespace SignalStreams.Benchmarks.Processes;

/// <summary>From the call that stops to the moment when nobody is left: many children, and one tree of as many.</summary>
/// <remarks>All processes hold one pipe open; its end is the moment when the last of them is gone, whoever stopped them.</remarks>
internal static class StopTime
{
    private static readonly StopPlan Kill = StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(30));

    /// <summary>Many children side by side.</summary>
    public static async Task RunChildrenAsync()
    {
        foreach (var count in new[] { 1, 10, 100, 1000 })
        {
            var comparison = new Comparison(warmUpRounds: 1, rounds: count >= 1000 ? 5 : 15, "ms");
            comparison.Start("children");
            await comparison.AddAsync($"{count}, asked by SIGTERM",
                ("MedallionShell: TrySignalAsync", () => AskMedallionAsync(count)),
                ("GracefulStop", () => StopChildrenAsync(count, StopPlan.Default)),
                ("SupervisedProcess.StopAsync", () => StopSupervisedAsync(count, children => Task.WhenAll(children.Select(child => child.StopAsync(StopPlan.Default))))));
            await comparison.AddAsync($"{count}, killed",
                ("Process.Kill", () => KillChildrenAsync(count)),
                ("MedallionShell: Kill", () => KillMedallionAsync(count)),
                ("GracefulStop", () => StopChildrenAsync(count, Kill)),
                ("SupervisedProcess.Kill", () => StopSupervisedAsync(count, KillAsync)));
        }
    }

    /// <summary>One tree of many.</summary>
    public static async Task RunTreesAsync()
    {
        // Process.Kill(true) takes seconds for a hundred, and minutes for a thousand.
        foreach (var count in new[] { 1, 10, 100 })
        {
            var comparison = new Comparison(warmUpRounds: 1, rounds: 5, "ms");
            comparison.Start("tree");
            await comparison.AddAsync($"of {count}",
                ("Process.Kill(true)", () => WithTreeAsync(count, root =>
                {
                    root.Kill(entireProcessTree: true);
                    return root.WaitForExitAsync();
                })),
                ("GracefulStop by SIGKILL", () => WithTreeAsync(count, root => GracefulStop.StopAsync(ProcessTarget.Tree(root), Kill))),
                ("GracefulStop by SIGTERM", () => WithTreeAsync(count, root => GracefulStop.StopAsync(ProcessTarget.Tree(root)))));
        }

        var alone = new Comparison(warmUpRounds: 1, rounds: 5, "ms");
        alone.Start("tree");
        await alone.AddAsync("of 1000",
            ("GracefulStop by SIGKILL", () => WithTreeAsync(1000, root => GracefulStop.StopAsync(ProcessTarget.Tree(root), Kill))),
            ("GracefulStop by SIGTERM", () => WithTreeAsync(1000, root => GracefulStop.StopAsync(ProcessTarget.Tree(root)))));
    }

    private static async Task<double[]> StopChildrenAsync(int count, StopPlan plan)
    {
        var children = await StartAsync(count);
        return await TimeAsync(() => Task.WhenAll(children.Select(child => GracefulStop.StopAsync(child, plan))), () => End(children));
    }

    private static async Task<double[]> KillChildrenAsync(int count)
    {
        var children = await StartAsync(count);
        return await TimeAsync(
            () =>
            {
                foreach (var child in children)
                {
                    child.Kill();
                }

                return Task.WhenAll(children.Select(child => child.WaitForExitAsync()));
            },
            () => End(children));
    }

    private static async Task<double[]> AskMedallionAsync(int count)
    {
        var commands = StartMedallion(count);
        return await TimeAsync(
            async () =>
            {
                await Task.WhenAll(commands.Select(command => command.TrySignalAsync(CommandSignal.FromSystemValue(SIGTERM.GetNumber()))));
                await Task.WhenAll(commands.Select(command => command.Task));
            },
            () => End(commands));
    }

    private static async Task<double[]> KillMedallionAsync(int count)
    {
        var commands = StartMedallion(count);
        return await TimeAsync(
            () =>
            {
                foreach (var command in commands)
                {
                    command.Kill();
                }

                return Task.WhenAll(commands.Select(command => command.Task));
            },
            () => End(commands));
    }

    private static async Task<double[]> StopSupervisedAsync(int count, Func<List<SupervisedProcess>, Task> stop)
    {
        var children = Enumerable.Range(0, count).Select(_ => SupervisedProcess.Start(Sleep(redirect: false))).ToList();
        var taken = await TimeAsync(() => stop(children), () => { });
        foreach (var child in children)
        {
            await child.DisposeAsync();
        }

        return taken;
    }

    private static Task KillAsync(List<SupervisedProcess> children)
    {
        foreach (var child in children)
        {
            child.Kill();
        }

        return Task.WhenAll(children.Select(child => child.Completion));
    }

    private static async Task<double[]> WithTreeAsync(int count, Func<Process, Task> stop)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"i=1; while [ $i -lt {count} ]; do sleep 1000 & i=$((i+1)); done; echo ready; exec sleep 1000");
        using var root = Process.Start(start)!;
        await root.StandardOutput.ReadLineAsync();
        return await TimeAsync(
            async () =>
            {
                await stop(root);
                await root.StandardOutput.ReadToEndAsync(); // Until nobody has the other end.
            },
            () => { });
    }

    private static async Task<double[]> TimeAsync(Func<Task> stop, Action after)
    {
        var watch = Stopwatch.StartNew();
        await stop();
        var taken = watch.Elapsed.TotalMilliseconds;
        after();
        return [taken];
    }

    private static Task<List<Process>> StartAsync(int count) =>
        Task.FromResult(Enumerable.Range(0, count).Select(_ => Process.Start(Sleep(redirect: false))!).ToList());

    private static List<Command> StartMedallion(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Command.Run("sleep", ["1000"], options => options.StartInfo(info => info.RedirectStandardInput = false)))];

    private static ProcessStartInfo Sleep(bool redirect) => new("sleep", "1000") { RedirectStandardOutput = redirect };

    private static void End(IEnumerable<IDisposable> children)
    {
        foreach (var child in children)
        {
            child.Dispose();
        }
    }
}
