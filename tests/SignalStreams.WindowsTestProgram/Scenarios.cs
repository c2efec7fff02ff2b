using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SignalStreams.WindowsTestProgram;

/// <summary>What the program does; a test names one. Signals are given by name, with commas between them; times in seconds.</summary>
internal static partial class Scenarios
{
    /// <summary>signals, work: reads one delivery, works for it, and closes.</summary>
    public static async Task<int> Receive(string[] args)
    {
        using var listener = new Reports();
        await using (var receiver = Signals.OpenSignalReceiver(Parse(args[0])))
        {
            Output.Line("ready");
            var delivery = await receiver.ReceiveDeliveryAsync();
            Output.Line($"got {delivery.ToString()}");
            await Work(args, 1);
            Output.Line("worked");
        }

        Output.Line("closed");
        return 7;
    }

    /// <summary>signals, others: opens the others while the handler of the first is held.</summary>
    public static async Task<int> OpenWithin(string[] args)
    {
        await using (var receiver = Signals.OpenSignalReceiver(Parse(args[0])))
        {
            Output.Line("ready");
            await receiver.ReceiveAsync();
            using (Signals.OpenSignalReceiver(Parse(args[1])))
            {
                Output.Line("opened");
            }
        }

        Output.Line("closed");
        return 7;
    }

    /// <summary>signals: reads deliveries until one of SIGINT.</summary>
    public static async Task<int> ReceiveAll(string[] args)
    {
        using var receiver = Signals.OpenSignalReceiver(Parse(args[0]));
        Output.Line("ready");
        while (true)
        {
            var delivery = await receiver.ReceiveDeliveryAsync();
            Output.Line($"got {delivery.Signal.GetName()} x{delivery.Count.ToString(CultureInfo.InvariantCulture)}");
            if (delivery.Signal == SIGINT)
            {
                return 7;
            }
        }
    }

    /// <summary>signals, work: has a receiver for each; the first works so long for its signal, the next twice as long, and so on.</summary>
    public static async Task<int> ReceiveEach(string[] args)
    {
        var work = TimeSpan.FromSeconds(double.Parse(args[1], CultureInfo.InvariantCulture));
        List<Task> all = [];
        foreach (var signal in Parse(args[0]))
        {
            all.Add(ReceiveOneAsync(Signals.OpenSignalReceiver(signal), (all.Count + 1) * work));
        }

        Output.Line("ready");
        await Task.WhenAll(all);
        return 7;
    }

    private static async Task ReceiveOneAsync(SignalReceiver receiver, TimeSpan work)
    {
        await using (receiver)
        {
            var signal = await receiver.ReceiveAsync();
            Output.Line($"got {signal.GetName()}");
            await Task.Delay(work);
            Output.Line($"worked for {signal.GetName()}");
        }
    }

    /// <summary>signals, work: waits for a token, works, and disposes it.</summary>
    public static async Task<int> Token(string[] args)
    {
        using (var cts = Signals.CancelOn(Parse(args[0])))
        {
            Output.Line("ready");
            await cts.Token.WhenCancelledAsync();
            Output.Line($"cancelled by {cts.Signal?.GetName()}");
            await Work(args, 1);
            Output.Line("worked");
        }

        return 7;
    }

    /// <summary>work: is in a protected block when the event comes, and goes on that long.</summary>
    public static async Task<int> Block(string[] args)
    {
        ShutdownManager.Default.Configure(o => o.Timeline = TimelineOutput.Always);
        ExitHandlers.Register(() => Output.Line("handler"));
        try
        {
            await ShutdownManager.Default.RunProtectedAsync(async block =>
            {
                Output.Line("ready");
                while (!block.IsShutdownPending)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(10));
                }

                Output.Line($"asked by {ShutdownManager.Default.Signal?.GetName()}");
                await Work(args, 0);
                Output.Line("worked");
            });
        }
        catch (ShutdownRequestedException)
        {
            Output.Line("unwound");
        }

        return 0;
    }

    /// <summary>Is in a protected block until it is told, and then ends when it is told.</summary>
    public static async Task<int> BlockUntilTold(string[] args)
    {
        _ = args;
        await ShutdownManager.Default.RunProtectedAsync(_ =>
        {
            Output.Line("ready");
            Console.In.ReadLine();
            return Task.CompletedTask;
        });
        Output.Line("over");
        Console.In.ReadLine();
        return 7;
    }

    /// <summary>work: has one exit handler that takes that long and says nothing of limits, and does nothing.</summary>
    public static async Task<int> Handler(string[] args)
    {
        ExitHandlers.Register(async _ =>
        {
            await Work(args, 0);
            Output.Line("handler has worked");
        });
        Output.Line("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    /// <summary>work: has two exit handlers, the first of which takes that long, and does nothing.</summary>
    public static async Task<int> Handlers(string[] args)
    {
        ExitHandlers.Register(() => Output.Line("last handler"));
        ExitHandlers.Register(
            async context =>
            {
                Output.Line($"handler after {context.Signal?.GetName()}");
                await Work(args, 0);
                Output.Line("handler has worked");
            },
            timeLimit: TimeSpan.FromSeconds(30),
            name: "work");

        // What is said at the end has a quarter of a second, which the compiler would take.
        _ = (ShutdownManager.Default.Timeline.ToString(), Console.Error);
        Output.Line("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    /// <summary>Goes on after a logoff, and ends at SIGTERM.</summary>
    public static async Task<int> KeepAtLogoff(string[] args)
    {
        _ = args;
        ShutdownManager.Default.Configure(o => o.TerminateOnLogoff = false);
        using var also = Signals.OpenSignalReceiver(CTRL_LOGOFF_EVENT);
        ExitHandlers.Register(context => Output.Line($"handler after {context.Signal?.GetName()}"));
        Output.Line("ready");
        await foreach (var signal in also)
        {
            Output.Line($"got {signal.GetName()}");
        }

        return 0;
    }

    /// <summary>signals: a callback of the token never returns.</summary>
    public static async Task<int> Hang(string[] args)
    {
        using var cts = Signals.CancelOn(Parse(args[0]));
        cts.Token.Register(() =>
        {
            Output.Line("hanging");
            Thread.Sleep(Timeout.Infinite);
        });
        Output.Line("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    /// <summary>signals: whoever is told of the event gives everything back within that, and listens anew; twice.</summary>
    public static async Task<int> CloseInside(string[] args)
    {
        var signals = Parse(args[0]);
        for (var i = 0; i < 2; i++)
        {
            var told = new TaskCompletionSource();
            var cts = Signals.CancelOn(signals);
            var receiver = Signals.OpenSignalReceiver(new SignalReceiverOptions { Unread = UnreadSignals.Drop }, signals);
            using var own = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => { });
            cts.Token.Register(() =>
            {
                receiver.Dispose();
                ThreadPool.UnsafeQueueUserWorkItem(_ => cts.Dispose(), null);
                told.TrySetResult();
            });
            Output.Line("ready");
            await told.Task;
            Output.Line("closed inside");
        }

        return 7;
    }

    /// <summary>work: waits for the shutdown, then works.</summary>
    public static async Task<int> Wait(string[] args)
    {
        var wait = Signals.WaitForShutdownAsync();
        Output.Line("ready");
        Output.Line($"got {(await wait).GetName()}");
        await Work(args, 0);
        Output.Line("worked");
        return 7;
    }

    /// <summary>Presses Ctrl-C on its own console.</summary>
    public static async Task<int> CtrlC(string[] args)
    {
        _ = args;
        using var receiver = Signals.OpenSignalReceiver(SIGINT);
        using var cts = Signals.CancelOn(SIGINT);
        Native.Require(Native.GenerateConsoleCtrlEvent(0, 0), nameof(Native.GenerateConsoleCtrlEvent));
        Output.Line($"got {(await receiver.ReceiveDeliveryAsync()).ToString()}");
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        Output.Line("attempts", Signals.Hub.Attempts);
        Output.Line(receiver.TryReceive(out _) ? "got another" : "no other");
        return 7;
    }

    /// <summary>Ends by a signal.</summary>
    public static Task<int> ExitBySignal(string[] args)
    {
        Signals.ExitBySignal(Parse(args[0])[0]);
        return Task.FromResult(1);
    }

    /// <summary>Runs the main function by Signals.Run.</summary>
    public static Task<int> Run(string[] args)
    {
        _ = args;
        return Task.FromResult(Signals.Run(async token =>
        {
            Output.Line("ready");
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        }));
    }

    /// <summary>signals: says when it listens, and, after a line of input, when it does not any more; until the input ends.</summary>
    public static Task<int> OpenAndClose(string[] args)
    {
        Output.Line("ready");
        while (Console.In.ReadLine() is not null)
        {
            using (Signals.OpenSignalReceiver(Parse(args[0])))
            {
                Output.Line("open");
                Console.In.ReadLine();
            }

            Output.Line("closed");
        }

        return Task.FromResult(7);
    }

    /// <summary>signals, cycles: opens and closes, and says how many handles and threads it had before and after.</summary>
    public static async Task<int> Cycles(string[] args)
    {
        var signals = Parse(args[0]);
        void Cycle(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Signals.OpenSignalReceiver(signals).Dispose();
            }
        }

        Cycle(50);
        await Settle();
        Count("before");
        var start = Stopwatch.StartNew();
        Cycle(int.Parse(args[1], CultureInfo.InvariantCulture));
        Output.Line("cycled ms", (int)start.ElapsedMilliseconds);
        await Settle();
        Count("after");
        Console.In.ReadLine();
        return 7;
    }

    /// <summary>a scenario and its arguments: runs it on a desktop of its own, and ends the session there after a line of input. Wine only.</summary>
    public static Task<int> EndOfSession(string[] args)
    {
        var desktop = new Desktop();
        var child = desktop.Start($"\"{Environment.ProcessPath}\" {string.Join(' ', args)}");
        Console.In.ReadLine();
        var wineboot = desktop.Start("wineboot.exe --end-session");
        Output.Line("wineboot ended with", Desktop.End(wineboot));
        Output.Line("child ended with", Desktop.End(child));
        return Task.FromResult(7);
    }

    /// <summary>file, control: a service that calls its handler, when it is told to, with a control that nobody can send by the manager, and works until it is told to end.</summary>
    public static async Task<int> ServiceControl(string[] args)
    {
        Output.OpenFile(args[0]);
        await using (var receiver = Signals.OpenSignalReceiver(CTRL_SHUTDOWN_EVENT, SIGTERM))
        {
            Output.Line("ready");

            // The manager waits for the handler to be there as well.
            await ToldAsync(args[0], "go");
            Output.Line("handler says", (int)CallServiceHandler(uint.Parse(args[1], CultureInfo.InvariantCulture)));
            Output.Line($"got {(await receiver.ReceiveDeliveryAsync()).ToString()}");
            await ToldAsync(args[0], "end");
            Output.Line("worked");
        }

        return 0;
    }

    // A service has no input: a test tells it to go on by a file beside its own.
    private static async Task ToldAsync(string file, string what)
    {
        while (!System.IO.File.Exists($"{file}.{what}"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    // The very function that the service control manager was given.
    private static unsafe uint CallServiceHandler(uint control) =>
        ((delegate* unmanaged<uint, uint, nint, nint, uint>)typeof(Signals).Assembly.GetType("SignalStreams.ServiceControls")!
            .GetMethod("OnControl", BindingFlags.NonPublic | BindingFlags.Static)!.MethodHandle.GetFunctionPointer())(control, 0, 0, 0);

    /// <summary>file, code: a service that says in a file what happens to it, works at its end until it is told to end, and has that exit code.</summary>
    public static async Task<int> Service(string[] args)
    {
        Output.OpenFile(args[0]);
        using var listener = new Reports();
        await using (var receiver = Signals.OpenSignalReceiver(SIGTERM, CTRL_LOGOFF_EVENT))
        {
            Output.Line($"budget {StopBudget.Current}");
            Output.Line($"ready {Signals.Backend.Reason}");
            Output.Line($"got {(await receiver.ReceiveDeliveryAsync()).ToString()}");
            await ToldAsync(args[0], "end");
            Output.Line("worked");
        }

        return int.Parse(args[1], CultureInfo.InvariantCulture);
    }

    /// <summary>file: a service that ends by its exit handlers.</summary>
    public static async Task<int> ServiceHandlers(string[] args)
    {
        Output.OpenFile(args[0]);
        ExitHandlers.Register(context => Output.Line($"handler after {context.Signal?.GetName()}"));
        Output.Line("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    /// <summary>Says what it is.</summary>
    public static Task<int> Backend(string[] args)
    {
        _ = args;
        Output.Line(Signals.Backend.ToString());
        Output.Line($"budget {StopBudget.Current}");
        return Task.FromResult(7);
    }

    private static async Task Work(string[] args, int index)
    {
        if (args.Length > index)
        {
            await Task.Delay(TimeSpan.FromSeconds(double.Parse(args[index], CultureInfo.InvariantCulture)));
        }
    }

    // Threads that are no longer needed leave after a second.
    private static async Task Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Task.Delay(TimeSpan.FromSeconds(3));
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void Count(string when)
    {
        using var self = Process.GetCurrentProcess();
        Output.Line($"{when} handles", self.HandleCount);
        Output.Line($"{when} threads", self.Threads.Count);
    }

    private static ShutdownSignal[] Parse(string names) => [.. names.Split(',').Select(ShutdownSignals.Parse)];

    private static async Task WhenCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.UnsafeRegister(_ => cancelled.TrySetResult(), null);
        await cancelled.Task;
    }

    /// <summary>Prints what the library reports of holding the system.</summary>
    private sealed class Reports : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "SignalStreams")
            {
                EnableEvents(eventSource, EventLevel.Warning);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => Output.Line($"report {eventData.EventName}");
    }
}
