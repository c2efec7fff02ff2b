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
        Console.WriteLine(ProcessTable.Read(daemon) is { IsDead: false });
        _ = ChildCalls.Kill(daemon, 9);
        Console.WriteLine(string.Join(' ', ProcessTable.Read().Where(entry => entry.Parent == Environment.ProcessId && entry.Id != daemon).Select(entry => entry.Name)));
        return 0;
    }
}
