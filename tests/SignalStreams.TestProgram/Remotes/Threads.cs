namespace SignalStreams.TestProgram.Remotes;

/// <summary>Runs another command on a thread of its own, on which nobody catches what it throws.</summary>
internal static class Threads
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "thread" => words => new Thread(() => Commands.Run(words)) { IsBackground = true, Name = "worker" }.Start(),
        "foreground" => words => new Thread(() => Commands.Run(words)) { IsBackground = false, Name = "worker" }.Start(),
        _ => null,
    };
}
