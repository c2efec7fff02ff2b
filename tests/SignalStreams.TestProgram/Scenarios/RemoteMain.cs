using System.Collections.Concurrent;
using SignalStreams.TestProgram.Remotes;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>As <see cref="Remote"/>, but commands are read and done by a thread of their own, so that the test has the word whatever the main thread does.</summary>
/// <remarks>The main thread does what begins with "main", one after the other.</remarks>
internal static class RemoteMain
{
    private static readonly BlockingCollection<string[]> ForMain = [];

    public static async Task<int> RunAsync(string[] args)
    {
        new Thread(Read) { IsBackground = true, Name = "commands" }.Start();
        foreach (var words in ForMain.GetConsumingEnumerable())
        {
            switch (words[0])
            {
                case "exit":
                    return Words.Number(words[1]);
                case "return":
                    // As a main function does that returns nothing.
                    return Environment.ExitCode;
                case "await-stopping":
                    await Task.Delay(Timeout.Infinite, ShutdownManager.Default.StoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
                default:
                    Commands.Run(words);
                    break;
            }

            Output.Line("main ok");
        }

        return 0;
    }

    private static void Read()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        Output.Line("ready");
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "main")
            {
                ForMain.Add(words[1..]);
            }
            else
            {
                Commands.Run(words);
            }

            Output.Line("ok");
        }
    }
}
