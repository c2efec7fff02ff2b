using System.Runtime.CompilerServices;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that listen with the library.</summary>
internal static class Listeners
{
    private static readonly SignalReceiverOptions Dropping = new() { Unread = UnreadSignals.Drop };
    private static readonly SignalReceiverOptions Overriding = new() { OverrideIgnored = true };

    public static Action<string[]>? Command(string verb) => verb switch
    {
        "read" => words => Read(words, new SignalReceiverOptions()),
        "read-override" => words => Read(words, Overriding),
        "read-forward" => words => Read(words, new SignalReceiverOptions { ForwardToOthers = true }),
        "read-senders" => words => _ = PrintSendersAsync(words[0], Open(words, new SignalReceiverOptions())),
        "open" => words => Open(words, new SignalReceiverOptions()),
        "open-drop" => words => Open(words, Dropping),
        "open-coalescing" => words => Open(words, new SignalReceiverOptions { Coalesce = true }),
        "read-unreachable" => ReadUnreachable,
        "open-unreachable" => OpenUnreachable,
        "take" => Take,
        "wait-cancelled" => words => WaitCancelledAsync(words).GetAwaiter().GetResult(),
        "cancel" => words => Cancel(words, Signals.CancelOn(Words.Signals(words[1..]))),
        "cancel-override" => words => Cancel(words, Signals.CancelOn(new SignalListenOptions { OverrideIgnored = true }, Words.Signals(words[1..]))),
        "cancel-unreachable" => CancelUnreachable,
        "cancel-existing" => CancelExisting,
        "wait" => Wait,
        "wait-async" => words => _ = WaitAsync(words),
        "call" => words => Named.Add(words[0], Signals.OnShutdown(signal => Output.Line($"{words[0]} called {signal.GetName()}"), Words.Signals(words[1..]))),
        "call-async" => words => Named.Add(words[0], Signals.OnShutdown(signal => CallAsync(words[0], signal), Words.Signals(words[1..]))),
        "call-throwing" => words => Named.Add(words[0], Signals.OnShutdown(signal => Throw(words[0]), Words.Signals(words[1..]))),
        "max" => words => Signals.Hub.MaxAttempts = words[0] == "unlimited" ? SignalHub.UnlimitedAttempts : Words.Number(words[0]),
        "raise" => words => Signals.Raise(ShutdownSignals.Parse(words[0])),
        "off" => words => Named.Dispose(words[0]),
        _ => null,
    };

    private static void Read(string[] words, SignalReceiverOptions options) => _ = PrintAllAsync(words[0], Open(words, options));

    private static SignalReceiver Open(string[] words, SignalReceiverOptions options)
    {
        var receiver = Signals.OpenSignalReceiver(options, Words.Signals(words[1..]));
        Named.Add(words[0], receiver);
        if (receiver.Ignored.Count > 0)
        {
            Output.Line($"{words[0]} ignored {Words.Names(receiver.Ignored)}");
        }

        return receiver;
    }

    private static async Task PrintAllAsync(string name, SignalReceiver receiver)
    {
        await foreach (var signal in receiver)
        {
            Output.Line($"{name} {signal.GetName()}");
        }

        Output.Line($"{name} ended");
    }

    private static async Task PrintSendersAsync(string name, SignalReceiver receiver)
    {
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            Output.Line($"{name} {delivery.Signal.GetName()} from {delivery.Origin}");
        }
    }

    private static void Take(string[] words) =>
        Output.Line($"{words[0]} took {(Named.Get<SignalReceiver>(words[0]).TryReceive(out var signal) ? signal.GetName() : "nothing")}");

    private static async Task WaitCancelledAsync(string[] words)
    {
        using var cancellation = new CancellationTokenSource();
        var wait = Named.Get<SignalReceiver>(words[0]).ReceiveAsync(cancellation.Token);
        await cancellation.CancelAsync();
        try
        {
            Output.Line($"{words[0]} waited {await wait}");
        }
        catch (OperationCanceledException)
        {
            Output.Line($"{words[0]} wait cancelled");
        }
    }

    private static void Cancel(string[] words, SignalCancellationTokenSource source)
    {
        Named.Add(words[0], source);
        source.Token.Register(() => Output.Line($"{words[0]} cancelled {source.Signal!.Value.GetName()}"));
    }

    private static void CancelExisting(string[] words)
    {
#pragma warning disable CA2000 // Lives as long as the process.
        var source = new CancellationTokenSource();
#pragma warning restore CA2000
        source.Token.Register(() => Output.Line($"{words[0]} cancelled"));
        Named.Add(words[0], source.CancelOn(Words.Signals(words[1..])));
    }

    // Not inlined: nothing on the stack must hold what these open.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OpenUnreachable(string[] words) => Signals.OpenSignalReceiver(Words.Signals(words));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadUnreachable(string[] words) => _ = PrintAllAsync(words[0], Signals.OpenSignalReceiver(Words.Signals(words[1..])));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CancelUnreachable(string[] words) =>
        Signals.CancelOn(Words.Signals(words[1..])).Token.Register(() => Output.Line($"{words[0]} cancelled"));

    private static void Wait(string[] words)
    {
        var cancellation = Cancellation(words[0]);
        new Thread(() => PrintWait(words[0], () => Signals.WaitForShutdown(Words.Signals(words[1..]), cancellation))) { IsBackground = true }.Start();
    }

    private static async Task WaitAsync(string[] words)
    {
        try
        {
            Output.Line($"{words[0]} waited {(await Signals.WaitForShutdownAsync(Words.Signals(words[1..]), Cancellation(words[0]))).GetName()}");
        }
        catch (OperationCanceledException)
        {
            Output.Line($"{words[0]} wait cancelled");
        }
    }

    private static void PrintWait(string name, Func<ShutdownSignal> wait)
    {
        try
        {
            Output.Line($"{name} waited {wait().GetName()}");
        }
        catch (OperationCanceledException)
        {
            Output.Line($"{name} wait cancelled");
        }
    }

    private static CancellationToken Cancellation(string name)
    {
        var cancellation = new CancellationTokenSource();
        Named.Add(name, new Ending(cancellation.Cancel));
        return cancellation.Token;
    }

    private static async Task CallAsync(string name, ShutdownSignal signal)
    {
        Output.Line($"{name} called {signal.GetName()}");
        await Task.Yield();
        Output.Line($"{name} returned");
    }

    private static Task Throw(string name) => throw new InvalidOperationException(name);
}
