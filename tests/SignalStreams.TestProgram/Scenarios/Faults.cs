using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Counts queued signals while threads fault, the garbage collector runs and processes are started, until its input ends; then says what there was.</summary>
internal static partial class Faults
{
    private const int Faulting = 8;

    // linux/auxvec.h, AT_MINSIGSTKSZ: the size of the frame that the kernel writes upon the stack of a thread whose handler it calls. 0 on an old kernel.
    private const nuint FrameSizeKey = 51;

    // Of the 12 KiB that the runtime's alternate stack has on x64, the frame of SIGSEGV and 6.2 KiB are taken; this leaves room for a second frame and its handler.
    private const nuint MostThatFits = 2560;

    private static bool _isStopped;
    private static long _faults;
    private static long _collections;
    private static long _processes;
    private static long _received;
    private static string? _complaint;

    // Where it does not fit (AVX-512 or protection keys make it 3.3 KiB), any signal with any handler that comes to a thread in the midst of a
    // NullReferenceException ends the process by SIGSEGV. The runtime holds back its own signal there, and no other:
    // https://github.com/dotnet/coreclr/pull/12606
    private static readonly bool _canFaultingThreadsBeInterrupted = GetAuxiliaryValue(FrameSizeKey) is > 0 and <= MostThatFits;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var receiver = Signals.OpenSignalReceiver(ShutdownSignals.Parse(args[0]));
        var loop = ReadAsync(receiver);
        Thread[] threads =
        [
            .. Enumerable.Range(0, Faulting).Select(_ => new Thread(Fault)),
            new Thread(Collect),
            new Thread(StartProcesses),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Output.Line("ready");
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync() is not null)
        {
            Output.Line($"received {Interlocked.Read(ref _received)}");
        }

        Volatile.Write(ref _isStopped, true);
        Array.ForEach(threads, thread => thread.Join());
        Output.Line(_complaint ?? $"received {Interlocked.Read(ref _received)}, lost {receiver.Lost}; {_faults} faults, {_collections} collections, {_processes} processes{(_canFaultingThreadsBeInterrupted ? null : "; no signal for threads that fault")}");
        receiver.Dispose();
        await loop;
        return 0;
    }

    private static async Task ReadAsync(SignalReceiver receiver)
    {
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            Interlocked.Add(ref _received, delivery.Count);
        }
    }

    private static void Fault()
    {
        if (!_canFaultingThreadsBeInterrupted)
        {
            BlockSignals();
        }

        while (!Volatile.Read(ref _isStopped))
        {
            try
            {
                LengthOf(null);
            }
            catch (NullReferenceException)
            {
                Interlocked.Increment(ref _faults);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string? text) => text!.Length;

    // For the calling thread alone, which starts no other and no process. All but those of its own faults, and those of the C library and the runtime.
    private static void BlockSignals()
    {
        const int Faults = 1 << (4 - 1) | 1 << (5 - 1) | 1 << (6 - 1) | 1 << (7 - 1) | 1 << (8 - 1) | 1 << (11 - 1); // ILL, TRAP, ABRT, BUS, FPE, SEGV
        const ulong Internal = 0b1111UL << (32 - 1); // 32 to 35
        Span<ulong> set = stackalloc ulong[1024 / 64];
        set[0] = ~(Faults | Internal);
        if (ChangeMask(how: 0 /* SIG_BLOCK */, set, 0) is var error and not 0)
        {
            throw new InvalidOperationException($"pthread_sigmask failed with error {error}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint GetAuxiliaryValue(nuint type);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int ChangeMask(int how, ReadOnlySpan<ulong> set, nint old);

    private static void Collect()
    {
        var garbage = new byte[100][];
        while (!Volatile.Read(ref _isStopped))
        {
            for (var i = 0; i < 10_000; i++)
            {
                garbage[i % garbage.Length] = new byte[1000];
            }

            GC.Collect(generation: (int)(_collections % 3));
            _collections++;
        }
    }

    private static void StartProcesses()
    {
        while (!Volatile.Read(ref _isStopped))
        {
            using var process = Process.Start(new ProcessStartInfo("grep", ["SigBlk", "/proc/self/status"]) { RedirectStandardOutput = true })!;
            var blocked = process.StandardOutput.ReadToEnd().Split('\t')[^1].Trim();
            process.WaitForExit();
            if (blocked.Trim('0').Length > 0 || process.ExitCode != 0)
            {
                _complaint ??= $"a child blocks {blocked} and ended with {process.ExitCode}";
            }

            _processes++;
        }
    }
}
