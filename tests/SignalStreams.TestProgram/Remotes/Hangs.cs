using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that make something in the process hang.</summary>
internal static unsafe partial class Hangs
{
    private const int StandardError = 2;
    private const int NonBlocking = 0x800;

    private static readonly object Lock = new();
    private static Blocked? _pool;

    public static Action<string[]>? Command(string verb) => verb switch
    {
        "hang" => _ => Thread.Sleep(Timeout.Infinite),
        "hold-lock" => _ => TakeLock(),
        "block-pool" => _ => _pool = Blocked.Pool(),
        "free-pool" => _ => _pool!.Dispose(),
        "hang-token" => _ => ShutdownManager.Default.StoppingToken.Register(() => Hang("token")),
        "process-exit" => words => AppDomain.CurrentDomain.ProcessExit += (_, _) => Output.Line($"ProcessExit {words[0]}"),
        "process-exit-hangs" => words => AppDomain.CurrentDomain.ProcessExit += (_, _) => Hang($"ProcessExit {words[0]}"),
        "process-exit-waits" => words => AppDomain.CurrentDomain.ProcessExit += (_, _) => Wait(words[0]),
        "stuff-stderr" => _ => StuffErrors(),
        _ => null,
    };

    /// <summary>Never given back.</summary>
    public static void TakeLock() => Monitor.Enter(Lock);

    private static void Hang(string who)
    {
        Output.Line($"{who} hangs");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void Wait(string name)
    {
        Output.Line($"ProcessExit {name} waits");
        Gates.Wait(name);
    }

    // A pipe that is full and that nobody reads, though its other end is open.
    private static void StuffErrors()
    {
        var ends = stackalloc int[2];
        Check(Pipe(ends, 0));
        Check(Duplicate(ends[1], StandardError));
        Check(Control(StandardError, SetStatus, NonBlocking));
        var bytes = stackalloc byte[4096];
        while (Write(StandardError, bytes, 4096) > 0)
        {
        }

        while (Write(StandardError, bytes, 1) > 0)
        {
        }

        Check(Control(StandardError, SetStatus, 0));
    }

    private const int SetStatus = 4;

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int descriptor, int target);

    // Variadic in C; on x64 and Arm64 Linux a call with these three arguments is the same.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* bytes, nint count);
}
