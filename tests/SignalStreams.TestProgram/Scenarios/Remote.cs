using SignalStreams.TestProgram.Remotes;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Does what the test writes to its standard input, a command a line, and answers each with "ok".</summary>
/// <remarks>What a command opens has a name, by which it prints what happens to it and by which "off NAME" ends it.</remarks>
internal static class Remote
{
    public static Task<int> RunAsync(string[] args)
    {
        // The main thread reads and does; what signals set off prints from wherever it runs.
        using var input = new StreamReader(System.Console.OpenStandardInput());
        Output.Line("ready");
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "exit")
            {
                return Task.FromResult(Words.Number(words[1]));
            }

            Commands.Run(words);
            Output.Line("ok");
        }

        return Task.FromResult(0);
    }
}
