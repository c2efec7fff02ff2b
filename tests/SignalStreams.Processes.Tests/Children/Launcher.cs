using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SignalStreams.Processes.Tests;

/// <summary>A launcher that a test can kill: this very program, told by a variable to start children instead of running tests.</summary>
internal static class Launcher
{
    public const string Variable = "SIGNALSTREAMS_TEST_LAUNCHER";

    /// <summary>The command that begins with what is to start it ("setpriv", ...), ready to be started.</summary>
    public static ProcessStartInfo Command(string mode, bool withKeeper, params string[] wrapper)
    {
        string[] words = [.. wrapper, Environment.ProcessPath!];
        var info = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        info.Environment[Variable] = mode;
        info.Environment[KeeperImage.Variable] = withKeeper ? "1" : "0";
        return info;
    }

    // Before the runner's own Main. Nothing of this assembly may run on another thread until this has returned, so all of it is here.
    [ModuleInitializer]
    internal static void Run()
    {
        var mode = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(mode))
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        try
        {
            Environment.Exit(mode switch
            {
                "hold" => Hold(),
                "status" => Status(),
                "daemon" => StopDaemon(),
                "reap" => Reap(TimeSpan.Zero),
                "reap later" => Reap(TimeSpan.FromSeconds(1)),
                "foreground" => Foreground(),
                "exhausted" => Exhausted(),
                "starved" => Starved(),
                "starved stops" => StarvedStops(),
                _ => 99,
            });
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            Environment.Exit(98);
        }
    }

    // Three children with a family each, until standard input ends.
    private static int Hold()
    {
        for (var i = 0; i < 3; i++)
        {
            var child = UnixChildStarter.Start(Starts.Bash("(setsid sleep 600 & echo $!; sleep 600 & echo $!); exec sleep 600"));
            Console.WriteLine(child.Identity.Id);
            Console.WriteLine(child is KeptChild kept ? kept.Keeper : 0);
            using var reader = new StreamReader(child.Output!);
            Console.WriteLine(reader.ReadLine());
            Console.WriteLine(reader.ReadLine());
        }

        Console.WriteLine("ready");
        Console.In.ReadLine();
        return 0;
    }

    // An orphan, a child of the library's, and (where the reaper is told that there are some) one of the runtime's, which end all at once.
    private static int Reap(TimeSpan grace)
    {
        using var reaper = OrphanReaper.Start(becomeSubreaper: true, grace);
        // (The runtime's is told by its name from the orphans.)
        using var theirs = grace > TimeSpan.Zero ? Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "read x; exit 5"]) { RedirectStandardInput = true })! : null;
        var child = UnixChildStarter.Start(Starts.Shell("exit 7"));
        var parent = UnixChildStarter.Start(Starts.Shell("exit 8"));
        child.Exit.Wait(10_000);

        // Not through a keeper, which would adopt it itself.
        int orphanParent;
        var error = Spawner.Spawn("/bin/sh", ["sh", "-c", "(sleep 0.1; exit 3) & (exit 4) & exit 0"], [], folder: null, ownSession: true, isBlocking: false, [], out orphanParent);
        if (error != 0)
        {
            return error;
        }

        Spawner.Reap(orphanParent);
        theirs?.StandardInput.Close();
        var start = TimeProvider.System.GetTimestamp();
        while (!IsReaped(reaper) && TimeProvider.System.GetElapsedTime(start) < Starts.Limit)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(5));
        }

        Console.WriteLine(IsReaped(reaper));
        Console.WriteLine(child.Exit.Result);
        Console.WriteLine(parent.Exit.Wait(10_000) ? parent.Exit.Result : "no exit");
        theirs?.WaitForExit();
        Console.WriteLine(theirs?.ExitCode ?? 5);
        child.DisposeAsync().AsTask().Wait();
        parent.DisposeAsync().AsTask().Wait();
        Console.WriteLine(string.Join(' ', ChildTable.TryReadAll()!.Where(entry => entry.Parent == Environment.ProcessId).Select(entry => entry.Identity.Name)));
        return 0;
    }

    // As process 1 the runtime is quicker, mostly.
    private static bool IsReaped(OrphanReaper reaper) => Environment.ProcessId != 1
        ? reaper.Count == 2
        : !ChildTable.TryReadAll()!.Exists(process => process.Parent == 1 && process.Id != 1 && process.Identity.Name == "sh" && !OwnChildren.Contains(process.Id));

    // In a terminal: Ctrl-C reaches the child alone, and then the terminal is ours again.
    private static int Foreground()
    {
        var start = Starts.Shell("echo child; read x; echo got $x; exec sleep 600") with
        {
            Place = ProcessPlace.Foreground, RedirectInput = false, RedirectOutput = false, RedirectError = false,
        };
        var child = UnixChildStarter.Start(start);
        Console.WriteLine(child.Exit.Wait(20_000) ? child.Exit.Result : "no exit");
        Console.WriteLine("terminal " + (LibC.ForegroundGroup(0) == LibC.OwnGroup()));
        child.DisposeAsync().AsTask().Wait();
        return 0;
    }

    // A kill while every thread of the pool is blocked, and hundreds more wait for one.
    private static int Starved()
    {
        var process = SupervisedProcess.Start(new ProcessStartInfo("sleep", "600"));
        using var never = new ManualResetEventSlim();
        for (var i = 0; i < 300; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static never => never.Wait(), never, preferLocal: false);
        }

        var start = TimeProvider.System.GetTimestamp();
        Console.WriteLine(process.TrySend(SIGCONT));
        process.Kill();
        while (Starts.IsAlive(process.Id) && TimeProvider.System.GetElapsedTime(start) < Starts.Limit)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(5));
        }

        Console.WriteLine(Starts.IsAlive(process.Id));
        return 0;
    }

    // Stops that have to go on to SIGKILL, while every thread of the pool is blocked, and hundreds more wait for one.
    private static int StarvedStops()
    {
        var deaf = new ProcessStartInfo("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"]) { RedirectStandardOutput = true };
        using var process = Process.Start(deaf)!;
        process.StandardOutput.ReadLine();
        var supervised = SupervisedProcess.Start(deaf);
        ReadReady(supervised.StandardOutput);

        // Started by its own rules: nobody reads its output.
        var silent = new ProcessStartInfo("sh", ["-c", "trap '' TERM; while :; do sleep 0.05; done"]);
        var plan = StopPlan.Send(SIGTERM, TimeSpan.FromSeconds(0.3)).ThenKill();
        using var token = new CancellationTokenSource();
        var run = SupervisedProcess.RunAsync(silent, new SupervisedProcessOptions { StopPlan = plan }, token.Token);
        using var never = new ManualResetEventSlim();
        for (var i = 0; i < 300; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static never => never.Wait(), never, preferLocal: false);
        }

        var stop = GracefulStop.StopAsync(process, plan);
        Console.WriteLine(stop.Wait(10_000) ? stop.Result.Result : "no outcome");
        var stopSupervised = supervised.StopAsync(plan);
        Console.WriteLine(stopSupervised.Wait(10_000) ? stopSupervised.Result.Result : "no outcome");
        Console.WriteLine(supervised.State);
        token.Cancel();
        Console.WriteLine(((IAsyncResult)run).AsyncWaitHandle.WaitOne(10_000) ? run.Status : "no end");
        Console.WriteLine(ChildTable.TryReadAll()!.Exists(entry => entry.Parent == Environment.ProcessId && !entry.IsEnded));
        return 0;
    }

    private static void ReadReady(Stream output)
    {
        while (output.ReadByte() is not (-1 or '\n'))
        {
        }
    }

    // With no descriptor left at all, and with enough again.
    private static int Exhausted()
    {
        var table = ProcessTable.Shared;
        var exit = Starts.Shell("exit 7") with { RedirectInput = false, RedirectOutput = false, RedirectError = false };
        var taken = new Stack<int>();

        // What the runtime has to load, it loads now; and the watcher has to find new descriptors afterwards.
        StatusOf(exit);
        StatusOf(exit with { FileName = "/no/such/program" });
        _ = table.ReadAll().Exists(process => process.Id == table.ReadAll().Count(_ => true));
        while (DescriptorWatcher.Current.IsRunning)
        {
            Thread.Yield();
        }

        Console.WriteLine("begun");
        void TakeAll()
        {
            for (int descriptor; (descriptor = UnixCalls.Open("/dev/null\0"u8)) >= 0;)
            {
                taken.Push(descriptor);
            }
        }

        TakeAll();
        Console.WriteLine(table.Find(Environment.ProcessId, out _));
        Console.WriteLine(table.ReadAll().Exists(process => process.Id == Environment.ProcessId));
        // (Without a keeper it is the runtime that fails first: without a descriptor it has no thread to give, and ends the process for that.)
        Console.WriteLine(KeeperImage.TryGet() is null ? "not started" : StatusOf(exit));
        foreach (var descriptor in taken)
        {
            _ = LibC.Close(descriptor);
        }

        Console.WriteLine(StatusOf(exit));
        Console.WriteLine(ChildTable.TryReadAll()!.Count(process => process.Parent == Environment.ProcessId));
        return 0;
    }

    private static string StatusOf(ChildStart start)
    {
        try
        {
            var child = UnixChildStarter.Start(start);
            var status = child.Exit.Wait(10_000) ? child.Exit.Result.ToString() : "no exit";
            child.DisposeAsync().AsTask().Wait();
            return status;
        }
        catch (ProcessStartException)
        {
            return "not started";
        }
    }

    // What a child inherits.
    private static int Status()
    {
        var child = UnixChildStarter.Start(Starts.Of("/bin/cat", "/proc/self/status"));
        using var reader = new StreamReader(child.Output!);
        Console.Write(reader.ReadToEnd());
        child.DisposeAsync().AsTask().Wait();
        return 0;
    }

    // A child with a daemon, killed; and what is left.
    private static int StopDaemon()
    {
        var child = UnixChildStarter.Start(Starts.Bash("(setsid sleep 600 & echo $!); exec sleep 600"));
        using var reader = new StreamReader(child.Output!);
        var daemon = int.Parse(reader.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        using var scope = child.OpenStopScope();
        Console.WriteLine(child.Containment);
        Console.WriteLine(scope.Look().Any(process => process.Id == daemon));
        child.KillAll();
        Console.WriteLine(child.Exit.Wait(10_000) ? child.Exit.Result : "no exit");
        Console.WriteLine(child.Gone.Wait(10_000));
        child.DisposeAsync().AsTask().Wait();
        Console.WriteLine(UnixProcesses.Find(daemon) is { IsEnded: false });
        _ = LibC.Kill(daemon, 9);
        Console.WriteLine(string.Join(' ', ChildTable.TryReadAll()!.Where(entry => entry.Parent == Environment.ProcessId && entry.Id != daemon).Select(entry => entry.Identity.Name)));
        return 0;
    }
}
