using System.Globalization;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Opens and closes listeners on several threads while signals rain, until its input says stop; then says whether anything leaked.</summary>
internal static class StressStorm
{
    /// <summary>How the names of the library's threads begin.</summary>
    public const string LibraryThread = "SignalStreams ";

    private const int Workers = 4;
    private const long AllowedGrowth = 4 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static bool _isStopped;
    private static long _opened;
    private static long _received;

    public static Task<int> RunAsync(string[] args)
    {
        Signals.Hub.MaxAttempts = SignalHub.UnlimitedAttempts;
        var isHarmless = args[0] == "harmless";
        ShutdownSignal[] signals = isHarmless ? [SIGWINCH, SIGCHLD] : [SIGTERM, SIGHUP, SIGUSR1];
        var anchor = isHarmless ? null : new StressAnchor(signals);
        Thread[] workers = [.. Enumerable.Range(0, Workers).Select(i => new Thread(() => Work(signals, new Random(i))) { IsBackground = true })];
        Array.ForEach(workers, worker => worker.Start());
        Output.Line("ready");

        using var input = new StreamReader(Console.OpenStandardInput());
        Expect(input, "half");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Output.Line("half");
        Expect(input, "stop");
        Volatile.Write(ref _isStopped, true);
        Check(Array.TrueForAll(workers, worker => worker.Join(Limit)), "a worker hangs");
        Output.Line($"opened {_opened}");
        Output.Line($"received {_received}");
        if (anchor is not null)
        {
            Check(anchor.End(Limit, out var report), report);
            Output.Line(report);
        }

        Check(SpinWait.SpinUntil(() => !ThreadNames().Any(name => name.StartsWith(LibraryThread, StringComparison.Ordinal)), Limit), "delivery threads are left");
        Check((Caught() & Mask(isHarmless ? SIGWINCH : SIGHUP, isHarmless ? SIGCHLD : SIGUSR1)) == 0, $"signals are still caught: {Caught():x}");
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Check(growth < AllowedGrowth, $"{growth} bytes leaked");
        Output.Line("done");
        Thread.Sleep(Timeout.Infinite);
        return Task.FromResult(0);
    }

    /// <summary>The names of the threads of this process, as the kernel has them: fifteen characters of each.</summary>
    public static IEnumerable<string> ThreadNames()
    {
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            string name;
            try
            {
                name = File.ReadAllText($"{task}/comm");
            }
            catch (IOException)
            {
                // It ended while we looked.
                continue;
            }

            yield return name;
        }
    }

    private static void Work(ShutdownSignal[] signals, Random random)
    {
        while (!Volatile.Read(ref _isStopped))
        {
            // Two of three signals at most, so that there are moments in which nobody listens to one.
            ShutdownSignal[] some = [.. signals.Where(_ => random.Next(2) == 0).DefaultIfEmpty(signals[random.Next(signals.Length)])];
            Interlocked.Increment(ref _opened);
            switch (random.Next(4))
            {
                case 0:
                    TakeWhatIsThere(some, random);
                    break;
                case 1:
                    WaitAndCancelAsync(some, random).GetAwaiter().GetResult();
                    break;
                case 2:
                    UseToken(some, random);
                    break;
                default:
                    UseCallback(some, random);
                    break;
            }
        }
    }

    private static void TakeWhatIsThere(ShutdownSignal[] signals, Random random)
    {
        using var receiver = Signals.OpenSignalReceiver(new SignalReceiverOptions { Capacity = 1 + random.Next(4) }, signals);
        Thread.SpinWait(random.Next(5000));
        receiver.Remove(signals[0]);
        receiver.Add(signals[0]);
        while (random.Next(8) != 0)
        {
            if (receiver.TryReceive(out var signal))
            {
                Check(signals.Contains(signal), $"{signal} was not asked for");
                Interlocked.Increment(ref _received);
            }
        }
    }

    private static async Task WaitAndCancelAsync(ShutdownSignal[] signals, Random random)
    {
        await using var receiver = Signals.OpenSignalReceiver(signals);
        using var cts = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(3)));
        var last = 0L;
        try
        {
            await foreach (var delivery in receiver.ReadDeliveriesAsync(cts.Token))
            {
                Check(delivery.Sequence > last, $"sequence {delivery.Sequence} came after {last}");
                last = delivery.Sequence;
                Interlocked.Increment(ref _received);
            }
        }
        catch (OperationCanceledException) when (cts.IsCancellationRequested)
        {
        }
    }

    private static void UseToken(ShutdownSignal[] signals, Random random)
    {
        using var source = Signals.CancelOn(signals);
        using var registration = source.Token.Register(() => Interlocked.Increment(ref _received));
        Thread.SpinWait(random.Next(5000));
        Check(!source.IsCancellationRequested || signals.Contains(source.Signal!.Value), "a token does not know its signal");
    }

    private static void UseCallback(ShutdownSignal[] signals, Random random)
    {
        using var callback = Signals.OnShutdown(_ => Interlocked.Increment(ref _received), signals);
        Thread.SpinWait(random.Next(5000));
    }

    private static void Expect(StreamReader input, string line)
    {
        var read = input.ReadLine();
        Check(read == line, $"the test wrote '{read}' where '{line}' was expected");
    }

    private static void Check(bool isRight, string complaint)
    {
        if (!isRight)
        {
            Output.Line(complaint);
            Environment.FailFast(complaint);
        }
    }

    private static ulong Mask(params ShutdownSignal[] signals) => signals.Aggregate(0UL, (mask, signal) => mask | (1UL << (signal.GetNumber() - 1)));

    private static ulong Caught()
    {
        const string Name = "SigCgt:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return ulong.Parse(line.AsSpan(Name.Length), NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
