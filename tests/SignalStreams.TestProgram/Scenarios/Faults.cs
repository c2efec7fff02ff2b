using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Counts queued signals while threads fault, the garbage collector runs and processes are started, until its input ends; then says what there was.</summary>
internal static class Faults
{
    private const int Faulting = 8;

    private static bool _isStopped;
    private static long _faults;
    private static long _collections;
    private static long _processes;
    private static long _received;
    private static string? _complaint;

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
        Output.Line(_complaint ?? $"received {Interlocked.Read(ref _received)}, lost {receiver.Lost}; {_faults} faults, {_collections} collections, {_processes} processes");
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
