using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SignalStreams.Processes.Tests;

/// <summary>What a test can see only in another place than its own (another user, another pid namespace, a folder that is gone): this very program, told by a
/// variable to do one thing and print what came of it.</summary>
internal static class Probe
{
    private const string Variable = "SIGNALSTREAMS_TEST_PROBE";

    /// <summary>Runs one, started by the words before it ("setpriv", ...), and gives the lines that it has printed.</summary>
    public static async Task<string[]> RunAsync(string mode, params string[] wrapper)
    {
        using var process = Start(mode, wrapper);
        try
        {
            var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(2 * TestChild.Limit, TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TestChild.Limit, TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"The probe ended with {process.ExitCode} and printed: {text}");
            return text.TrimEnd('\n').Split('\n');
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(string mode, string[] wrapper)
    {
        Assert.SkipWhen(wrapper.Length > 0 && Environment.UserName != "root", "this takes root");
        string[] words = [.. wrapper, Environment.ProcessPath!];
        var info = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        info.Environment[Variable] = mode;
        return Process.Start(info)!;
    }

    // Before the runner's own Main. Nothing of this assembly may run on another thread until this has returned.
    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } mode)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        try
        {
            var words = mode.Split(' ');
            switch (words[0])
            {
                case "stop":
                    Stop(int.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
                case "stop-tree":
                    StopTree(int.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
                case "folder":
                    StartWithoutFolder();
                    break;
                case "reuse":
                    Reuse(usesDescriptors: words[1] == "descriptors");
                    break;
                case "reuse-supervised":
                    ReuseSupervised();
                    break;
                default:
                    Environment.Exit(97);
                    break;
            }

            Environment.Exit(0);
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            Environment.Exit(98);
        }
    }

    private static void Stop(int id)
    {
        Console.WriteLine(ProcessSignal.TrySend(id, SIGKILL));
        Console.WriteLine(ProcessSignal.TrySend(ProcessTarget.Group(id), SIGKILL));
        Console.WriteLine(ProcessSignal.TrySend(ProcessTarget.Tree(id), SIGKILL));
        foreach (var target in (ProcessTarget[])[ProcessTarget.Process(id), ProcessTarget.Group(id), ProcessTarget.Tree(id)])
        {
            var outcome = GracefulStop.StopAsync(target, StopPlan.Send(SIGTERM, TimeSpan.FromMinutes(10)).ThenKill()).GetAwaiter().GetResult();
            Console.WriteLine($"{outcome.Result} {outcome.Failures.Count} {outcome.Failures[0].Outcome} {outcome.Remaining[0].Id == id}");
        }
    }

    private static void StopTree(int id)
    {
        var outcome = GracefulStop.StopAsync(ProcessTarget.Tree(id), StopPlan.Send(SIGTERM, TimeSpan.FromMilliseconds(500)).ThenKill()).GetAwaiter().GetResult();
        Console.WriteLine($"{outcome.Result} {string.Join(' ', outcome.Failures.Select(failure => failure.Outcome).Distinct())} {string.Join(' ', outcome.Remaining.Select(process => process.Id))}");
    }

    private static void StartWithoutFolder()
    {
        var folder = Directory.CreateTempSubdirectory("gone").FullName;
        Directory.SetCurrentDirectory(folder);
        Directory.Delete(folder);
        foreach (var info in (ProcessStartInfo[])[new("true"), new("./true"), new("true") { WorkingDirectory = "below" }, new("true") { WorkingDirectory = folder }, new("true") { WorkingDirectory = "/" }])
        {
            try
            {
                Console.WriteLine(SupervisedProcess.RunAsync(info).GetAwaiter().GetResult());
            }
            catch (ProcessStartException e)
            {
                Console.WriteLine(e.Message.Replace(folder, "FOLDER", StringComparison.Ordinal));
            }
        }

        Console.WriteLine(ChildTable.Descendants(ChildTable.TryReadAll()!, Environment.ProcessId).Count);
    }

    // Targets that are made of a process, and its id given to another one afterwards.
    private static void Reuse(bool usesDescriptors)
    {
        var platform = new UnixProcessPlatform(usesDescriptors);
        LeaveReservedIds();
        var first = Sleep();
        ProcessTarget[] targets = [ProcessTarget.Process(first), ProcessTarget.Group(first), ProcessTarget.Tree(first)];
        var held = platform.Open(targets[0]);
        EndAndReap(first);
        Console.WriteLine(UnixProcesses.Find(first) is null);
        var later = WaitForReuse(first);
        Console.WriteLine($"{later == first} {UnixProcesses.Find(later) is { IsEnded: false }}");
        foreach (var target in targets)
        {
            var sent = ProcessSignal.TrySend(target, SIGKILL);
            var stopped = GracefulStop.StopAsync(platform.Open(target), StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(5)), null, TimeProvider.System, default).GetAwaiter().GetResult();
            Console.WriteLine($"{target.Kind}: {sent} {stopped.Result}");
        }

        // One that was opened while the former lived.
        var outcome = GracefulStop.StopAsync(held, StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(5)), null, TimeProvider.System, default).GetAwaiter().GetResult();
        Console.WriteLine($"held: {outcome.Result}");
        Console.WriteLine(UnixProcesses.Find(later) is { IsEnded: false });
        EndAndReap(later);
    }

    // A supervised process that has ended, and its id, which was that of its group too, given to another one.
    private static void ReuseSupervised()
    {
        LeaveReservedIds();
        var process = SupervisedProcess.Start(new ProcessStartInfo("true"));
        var id = process.Id;
        process.Completion.GetAwaiter().GetResult();
        var start = TimeProvider.System.GetTimestamp();
        while (UnixProcesses.Find(id) is not null && TimeProvider.System.GetElapsedTime(start) < TestChild.Limit)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(1));
        }

        var later = WaitForReuse(id);
        Console.WriteLine($"{later == id} {UnixProcesses.Find(later) is { IsEnded: false }}");
        Console.WriteLine(process.TrySend(SIGKILL));
        Console.WriteLine(process.TrySendToGroup(SIGKILL));
        process.Kill();
        Console.WriteLine(process.StopAsync(StopPlan.Send(SIGKILL, TimeSpan.FromSeconds(5))).GetAwaiter().GetResult().Result);
        process.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Console.WriteLine(UnixProcesses.Find(later) is { IsEnded: false });
        EndAndReap(later);
    }

    // Starts and ends processes until one has the id, and leaves that one sleeping, leader of its group.
    private static int WaitForReuse(int id)
    {
        for (var i = 0; i < 5000; i++)
        {
            var next = Sleep();
            if (next == id)
            {
                return next;
            }

            EndAndReap(next);
        }

        return -1;
    }

    // The kernel begins anew at 300 and not at 1.
    private static void LeaveReservedIds()
    {
        for (var id = 0; id < 305;)
        {
            id = Sleep();
            EndAndReap(id);
        }
    }

    private static int Sleep()
    {
        var error = Spawner.Spawn("/bin/sleep", ["sleep", "1000"], [], folder: null, ownSession: true, isBlocking: false, [], out var pid);
        return error == 0 ? pid : throw new InvalidOperationException(FormattableString.Invariant($"sleep was not started: errno {error}"));
    }

    private static void EndAndReap(int pid)
    {
        _ = LibC.Kill(pid, 9);
        Spawner.Reap(pid);
    }
}
