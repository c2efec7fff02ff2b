namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that end the process without a signal, and not by a return from its main function.</summary>
internal static class Ends
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "environment-exit" => words => Environment.Exit(Words.Number(words[0])),
        "throw" => _ => throw new InvalidOperationException("Nobody catches this."),
        _ => null,
    };
}
