using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SignalStreams.WindowsTestProgram;

/// <content>What is left when the last listener has closed, and who may close it.</content>
internal static partial class Scenarios
{
    /// <summary>signals: has listened to them in several ways, and does not any more.</summary>
    public static async Task<int> Closed(string[] args)
    {
        ListenAndClose(Parse(args[0]));
        Output.Line("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    /// <summary>signals: has listened to them, has closed that, and listens again.</summary>
    public static Task<int> OpenAgain(string[] args)
    {
        ListenAndClose(Parse(args[0]));
        return Receive(args);
    }

    private static void ListenAndClose(ShutdownSignal[] signals)
    {
        Signals.OpenSignalReceiver(signals).Dispose();
        Signals.CancelOn(signals).Dispose();
        Signals.OnShutdown(_ => { }, signals).Dispose();
        Signals.OpenSignalReceiver(signals).Dispose();
    }

    /// <summary>how, signals: the only listener is closed by its own callback, on the thread of that.</summary>
    public static async Task<int> CloseByItself(string[] args)
    {
        var signals = Parse(args[1]);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IDisposable? listener = null;
        void Close()
        {
            Output.Line($"closing on {Thread.CurrentThread.Name}");
            listener!.Dispose();
            closed.SetResult();
        }

        switch (args[0])
        {
            case "receiver":
                var receiver = Signals.OpenSignalReceiver(signals);
                listener = receiver;
                _ = ReceiveAndAsync(receiver, Close);
                break;
            case "token":
                var cts = Signals.CancelOn(signals);
                listener = cts;
                cts.Token.Register(Close);
                break;
            default:
                listener = Signals.OnShutdown(_ => Close(), signals);
                break;
        }

        Output.Line("ready");
        await closed.Task;
        Output.Line("closed inside");
        return 7;
    }

    private static async Task ReceiveAndAsync(SignalReceiver receiver, Action then)
    {
        await receiver.ReceiveAsync();
        then();
    }

    /// <summary>"before" or "after", a signal: somebody else, who is called before us or after us, closes the only receiver.</summary>
    public static async Task<int> CloseByAnother(string[] args)
    {
        SignalReceiver? receiver = null;
        using var received = new ManualResetEventSlim(args[0] == "before");
        PosixSignalRegistration Another() => PosixSignalRegistration.Create(args[1] == "SIGINT" ? PosixSignal.SIGINT : PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            received.Wait();
            Output.Line("closed by another");
            receiver!.Dispose();
        });

        // The one who came last is called first.
        var first = args[0] == "after" ? Another() : null;
        receiver = Signals.OpenSignalReceiver(Parse(args[1]));
        using var another = first ?? Another();
        Output.Line("ready");
        await foreach (var signal in receiver)
        {
            Output.Line($"got {signal.GetName()}");
            received.Set();
        }

        Output.Line("closed");
        return 7;
    }

    /// <summary>signals, cycles: has windows made and destroyed so often, and says what there was before and after.</summary>
    public static async Task<int> WindowCycles(string[] args)
    {
        // Kept for a moment they would be used again.
        typeof(Signals).Assembly.GetType("SignalStreams.HiddenWindows")!.GetProperty("Linger", BindingFlags.NonPublic | BindingFlags.Static)!.SetValue(null, TimeSpan.Zero);
        var signals = Parse(args[0]);
        HashSet<string> classes = [];
        void Cycle(int count)
        {
            for (var i = 0; i < count; i++)
            {
                nint made;
                using (Signals.OpenSignalReceiver(signals))
                {
                    made = OwnWindows.Find();
                    classes.Add(OwnWindows.ClassOf(made));
                }

                SpinWait.SpinUntil(() => Native.IsWindow(made) == 0);
            }
        }

        Cycle(20);
        await Settle();
        CountExactly("before");
        classes.Clear();
        Cycle(int.Parse(args[1], CultureInfo.InvariantCulture));
        Output.Line("made", classes.Count);
        await Settle();
        CountExactly("after");
        Output.Line("classes left", classes.Count(OwnWindows.IsRegistered));
        Console.In.ReadLine();
        return 7;
    }

    // Wine tells the size of the table of handles only, so each is asked for.
    private static void CountExactly(string when)
    {
        const int Last = 0x10000;
        var handles = 0;
        for (nint handle = 4; handle < Last; handle += 4)
        {
            handles += Native.GetHandleInformation(handle, out _);
        }

        using var self = System.Diagnostics.Process.GetCurrentProcess();
        Output.Line($"{when} handles", handles);
        Output.Line($"{when} threads", self.Threads.Count);
    }
}
