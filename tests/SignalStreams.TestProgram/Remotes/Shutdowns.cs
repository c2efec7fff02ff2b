namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands about the manager of the shutdown.</summary>
internal static class Shutdowns
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "configure" => words => ShutdownManager.Default.Configure(options => Array.ForEach(words, word => Set(options, word.Split('=')))),
        "watch" => _ => Watch(),
        "rehearse" => _ => Rehearse(),
        "wait-stopping" => _ => ShutdownManager.Default.StoppingToken.WaitHandle.WaitOne(),
        "state" => words => SpinWait.SpinUntil(() => ShutdownManager.Default.State == Enum.Parse<ShutdownState>(words[0])),
        "kind" => words => SpinWait.SpinUntil(() => ShutdownManager.Default.Kind == Enum.Parse<ShutdownKind>(words[0])),
        "request" => words => Output.Line($"request {ShutdownManager.Default.RequestShutdown(words[0], Words.Number(words[1]))}"),
        "release" => words => Gates.Release(words[0]),
        _ => null,
    };

    // The last words have a second at most, a part of which the compiler takes otherwise.
    private static void Rehearse() => _ = (ShutdownManager.Default.Timeline.ToString(), Console.Error);

    private static void Watch()
    {
        var manager = ShutdownManager.Default;
        manager.StoppingToken.Register(() => Output.Line($"stopping {manager.Signal?.GetName()}"));
        manager.TerminatingToken.Register(() => Output.Line("terminating"));
    }

    private static void Set(ShutdownOptions options, string[] pair)
    {
        switch (pair[0])
        {
            case "signals":
                options.Signals = Words.Signals(pair[1].Split(','));
                break;
            case "max-attempts":
                options.MaxAttempts = Words.Number(pair[1]);
                break;
            case "hangup-ends":
                options.TerminateOnHangup = bool.Parse(pair[1]);
                break;
            case "rollback":
                options.RollbackTime = Words.Seconds(pair[1]);
                break;
            case "handler":
                options.HandlerTime = Words.Seconds(pair[1]);
                break;
            case "clean-up":
                options.CleanUpTime = Words.Seconds(pair[1]);
                break;
            case "before-hangup":
                options.BeforeHangup = () => Output.Line("before hang-up");
                break;
            case "before-termination":
                options.BeforeTermination = Before(pair[1]);
                break;
            case "status":
                options.ExitStatus = pair[1] == "shell" ? ExitStatusPolicy.ShellCode : ExitStatusPolicy.Code(Words.Number(pair[1]));
                break;
            case "timeline":
                options.Timeline = Enum.Parse<TimelineOutput>(pair[1]);
                break;
            default:
                throw new ArgumentException(pair[0]);
        }
    }

    private static Action Before(string what) => () =>
    {
        Output.Line("before termination");
        switch (what)
        {
            case "waits":
                Gates.Wait("before-termination");
                break;
            case "hangs":
                Thread.Sleep(Timeout.Infinite);
                break;
        }
    };
}
