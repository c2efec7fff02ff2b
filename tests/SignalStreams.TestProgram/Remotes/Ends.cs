using System.Runtime.CompilerServices;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Commands that end the process without a signal, and not by a return from its main function.</summary>
internal static class Ends
{
    public static Action<string[]>? Command(string verb) => verb switch
    {
        "environment-exit" => words => Environment.Exit(Words.Number(words[0])),
        "throw" => _ => throw new InvalidOperationException("Nobody catches this."),
        "announce-crash" => _ => AppDomain.CurrentDomain.UnhandledException += (_, _) => Output.Line("crashing"),
        "fail-fast" => _ => Environment.FailFast("Nothing runs after this."),
        "overflow-stack" => _ => Recurse(1),
        "exhaust-memory" => _ => Output.Line($"{new decimal[int.MaxValue].Length}"),
        "exit-code" => words => Environment.ExitCode = Words.Number(words[0]),
        _ => null,
    };

    // Not inlined and not a loop: each call has to take its place on the stack.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static int Recurse(int depth) => depth == 0 ? 0 : Recurse(depth + 1) + depth;
}
