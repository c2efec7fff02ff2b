using System.Globalization;
using SignalStreams;
using SignalStreams.PeersTarget;

// What a driver that compares signal libraries of many languages starts: MODE [NUMBER]. It writes one "r" as soon as it listens.
// Unlike an ordinary program it treats SIGINT in mode "count" as a question, and in three of the modes it ends only by being killed.
// After "run" the same is done inside Signals.Run, where the main thread is a reader; it waits for a signal that no mode uses.
return args is ["run", .. var rest] ? Signals.Run(_ => ServeAsync(rest), SIGUSR1) : await ServeAsync(args);

static async Task<int> ServeAsync(string[] args)
{
    var number = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
    return args.FirstOrDefault() switch
    {
        "latency" => await EchoEachAsync((ShutdownSignal)number),
        "count" => await CountAsync((ShutdownSignal)number),
        "order" => await EchoOrderAsync(),
        "shutdown" => await StopTasksAsync(number),
        _ => 2,
    };
}

// An "x" for each signal.
static async Task<int> EchoEachAsync(ShutdownSignal signal)
{
    await using var receiver = Signals.OpenSignalReceiver(signal);
    Answer.Write("r"u8);
    await foreach (var _ in receiver)
    {
        Answer.Write("x"u8);
    }

    return 0;
}

// Counts in silence; a line on SIGINT, then from zero.
static async Task<int> CountAsync(ShutdownSignal signal)
{
    await using var receiver = Signals.OpenSignalReceiver(signal, SIGINT);
    Answer.Write("r"u8);
    var tally = new Tally();
    await foreach (var delivery in receiver.ReadDeliveriesAsync())
    {
        if (delivery.Signal == SIGINT)
        {
            Answer.Write(tally.ToString());
            tally = new Tally();
        }
        else
        {
            tally.Add(in delivery);
        }
    }

    return 0;
}

// An "h" for each SIGHUP and a "t" for each SIGTERM, as they come.
static async Task<int> EchoOrderAsync()
{
    await using var receiver = Signals.OpenSignalReceiver(SIGHUP, SIGTERM);
    Answer.Write("r"u8);
    await foreach (var signal in receiver)
    {
        Answer.Write(signal == SIGHUP ? "h"u8 : "t"u8);
    }

    return 0;
}

// Tasks that wait for SIGTERM, and stop.
static async Task<int> StopTasksAsync(int count)
{
    using var shutdown = Signals.CancelOn(SIGTERM);
    var stopped = 0;
    var tasks = Enumerable.Range(0, count).Select(_ => WaitAsync(shutdown.Token)).ToArray();
    Answer.Write("r"u8);
    await Task.WhenAll(tasks);
    Answer.Write($"stopped={stopped}\n");
    return 0;

    async Task WaitAsync(CancellationToken token)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, token);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref stopped);
        }
    }
}
