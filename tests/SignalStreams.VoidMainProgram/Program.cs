using SignalStreams;

// A program whose main function is synchronous and returns nothing. By default it passes over what Run returns: the end by the signal must not depend on it.
AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.Out.WriteLine("ProcessExit");
switch (args)
{
    case ["break"]:
        BreakOutOfABlock();
        break;
    case ["stopping"]:
        ReturnWhenStopping();
        break;
    case ["cancel-on"]:
        ReturnWhenCancelled();
        break;
    default:
        Signals.Run(async token =>
        {
            Console.Out.WriteLine("ready");
            await Task.Delay(TimeSpan.FromMinutes(3), token);
        });
        Console.Out.WriteLine("after Run");
        break;
}

static void BreakOutOfABlock()
{
    ExitHandlers.Register(() => Console.Out.WriteLine("handler a"));
    using var block = ShutdownProtection.Enter();
    Console.Out.WriteLine("ready");
    while (!block.IsShutdownPending)
    {
        Thread.Yield();
    }

    Console.Out.WriteLine("work is done");
    block.AllowBreak();
}

static void ReturnWhenStopping()
{
    ExitHandlers.Register(() => Console.Out.WriteLine("handler a"));
    var token = ShutdownManager.Default.StoppingToken;
    Console.Out.WriteLine("ready");
    token.WaitHandle.WaitOne();
    Console.Out.WriteLine("main returns");
}

static void ReturnWhenCancelled()
{
    ExitHandlers.Register(context => Console.Out.WriteLine($"handler a: {context.Cause}"), name: "a");
    using var cts = Signals.CancelOn();
    Console.Out.WriteLine("ready");
    cts.Token.WaitHandle.WaitOne();
    Console.Out.WriteLine("main returns");
}
