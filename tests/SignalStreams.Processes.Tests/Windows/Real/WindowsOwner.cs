using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>A program with children that a test can kill, or that has a console of its own: this very program, told by a variable.</summary>
internal static class WindowsOwner
{
    private const string Variable = "SIGNALSTREAMS_TEST_WINDOWS_OWNER";

    /// <summary>How it is started.</summary>
    public static ProcessStartInfo Info(string mode)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment[Variable] = mode;
        return info;
    }

    // Before the runner's own Main. Nothing of this assembly may run on another thread until this has returned, so all waits here hold the thread.
    [ModuleInitializer]
    internal static void Run()
    {
        var mode = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(mode) || !OperatingSystem.IsWindows())
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        try
        {
            Environment.Exit(mode switch
            {
                "hold" => Hold(),
                "console" => ShareConsole(),
                "groups" => StopGroups(),
                "own tree" => StopOwnTree(),
                _ => 99,
            });
        }
        catch (Exception e)
        {
            Console.WriteLine(e);
            Environment.Exit(98);
        }
    }

    // Three children with a family each, until somebody ends this.
    private static int Hold()
    {
        for (var i = 0; i < 3; i++)
        {
            _ = Start(ProcessPlace.Session, 2, "tree", "2");
        }

        Console.WriteLine("holding");
        Console.In.ReadLine();
        return 0;
    }

    private static int ShareConsole()
    {
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        WindowsSystem.TakeConsole();
        using var receiver = Signals.OpenSignalReceiver(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, SIGINT, SIGBREAK);
        var leader = Start(ProcessPlace.Group, 1, "wait");
        var own = Start(ProcessPlace.Session, 1, "wait");
        var sibling = SupervisedProcess.Start(WindowsPrograms.Info("answer"), new SupervisedProcessOptions { Place = ProcessPlace.Group });
        var shared = SupervisedProcess.Start(WindowsPrograms.Info("answer"), new SupervisedProcessOptions { Place = ProcessPlace.Foreground });
        var info = WindowsPrograms.Info("wait");
        info.CreateNewProcessGroup = true;
        using var foreignLeader = Process.Start(info)!;
        using var foreign = Process.Start(WindowsPrograms.Info("answer"))!;
        _ = foreignLeader.StandardOutput.ReadLine();
        var siblingWitness = new WindowsWitness(sibling.StandardInput, sibling.StandardOutput);
        var sharedWitness = new WindowsWitness(shared.StandardInput, shared.StandardOutput);
        var foreignWitness = new WindowsWitness(foreign.StandardInput.BaseStream, foreign.StandardOutput.BaseStream);
        WindowsWitness[] witnesses = [siblingWitness, sharedWitness, foreignWitness];
        Array.ForEach(witnesses, witness => witness.Ready());
        var leaderTarget = ProcessTarget.Process(foreignLeader);

        output.WriteLine($"shared {shared.TrySend(SIGINT)} {ProcessSignal.TrySend(foreign.Id, SIGINT)}");
        output.WriteLine($"leader {leader.TrySend(SIGINT)} {End(leader)}");
        output.WriteLine($"own {own.TrySend(SIGINT)} {End(own)}");
        output.WriteLine($"foreign leader {ProcessSignal.TrySend(leaderTarget, SIGINT)} {foreignLeader.WaitForExit(30_000)} {foreignLeader.ExitCode}");

        // Each gets one event from here, and no other where nothing has hit it. The leader has its own: one to group 0 reaches it on Windows, and under Wine not.
        Array.ForEach(witnesses, witness => witness.Ask());
        sibling.Send(SIGINT);
        output.WriteLine($"hit sibling {siblingWitness.End()} {End(sibling)}");
        WindowsSystem.SendToOwnConsole(WindowsSystem.ControlC);
        var ownEvents = receiver.ReceiveAsync().AsTask().Wait(WindowsPrograms.Limit) ? 1 : 0;
        output.WriteLine($"hit shared {sharedWitness.End()} {End(shared)}");
        output.WriteLine($"hit foreign {foreignWitness.End()} {foreign.WaitForExit(30_000)}");
        while (receiver.TryReceive(out _))
        {
            ownEvents++;
        }

        output.WriteLine($"hit owner {ownEvents}");
        return 0;
    }

    // Children that lead a group on our console, beside others there.
    private static int StopGroups()
    {
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        WindowsSystem.TakeConsole();
        var sibling = SupervisedProcess.Start(WindowsPrograms.Info("answer"), new SupervisedProcessOptions { Place = ProcessPlace.Group });
        using var witness = new WindowsWitness(sibling.StandardInput, sibling.StandardOutput);
        witness.Ready();
        output.WriteLine(Stop("wait", StopPlan.Send(SIGINT, WindowsPrograms.Limit).ThenKill()));
        output.WriteLine(Stop("deaf", StopPlan.Send(SIGINT, TimeSpan.FromSeconds(1)).ThenKill()));
        output.WriteLine(Stop("wait", StopPlan.Send(SIGTERM, WindowsSystem.IsWine ? TimeSpan.FromSeconds(1) : WindowsPrograms.Limit).ThenKill()));
        witness.Ask();
        sibling.Send(SIGINT);
        output.WriteLine($"hit {witness.End()}");
        return 0;

        static string Stop(string kind, StopPlan plan)
        {
            var stop = Start(ProcessPlace.Group, 1, kind).StopAsync(plan);
            stop.Wait();
            return $"{kind} {stop.Result.Result} {stop.Result.ExitStatus?.Code} {string.Join(", ", stop.Result.Failures.Select(failure => $"{failure.Signal} {failure.Reason}"))}".TrimEnd();
        }
    }

    private static int StopOwnTree()
    {
        var first = Start(ProcessPlace.Session, 1, "plain");
        var second = Start(ProcessPlace.Session, 2, "tree", "2");
        var stop = GracefulStop.StopAsync(ProcessTarget.Tree(Environment.ProcessId), StopPlan.Send(SIGKILL, WindowsPrograms.Limit));
        stop.Wait();
        Console.WriteLine($"{stop.Result.Result} {End(first)} {End(second)}");
        return 0;
    }

    private static string End(SupervisedProcess child) => child.Completion.Wait(WindowsPrograms.Limit) ? child.Completion.Result.ShellCode.ToString(CultureInfo.InvariantCulture) : "lives";

    private static SupervisedProcess Start(ProcessPlace place, int count, params string[] arguments)
    {
        var child = SupervisedProcess.Start(WindowsPrograms.Info(arguments), new SupervisedProcessOptions { Place = place });
        var lines = child.ReadLinesAsync().GetAsyncEnumerator();
        for (var i = 0; i < count && lines.MoveNextAsync().AsTask().Result; i++)
        {
            Console.WriteLine(lines.Current.Text);
        }

        return child;
    }
}
