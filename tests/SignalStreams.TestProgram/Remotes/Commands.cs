namespace SignalStreams.TestProgram.Remotes;

/// <summary>Everything that a test may tell a child to do.</summary>
internal static class Commands
{
    public static void Run(string[] words)
    {
        var verb = words[0];
        var command = Listeners.Command(verb) ?? Owners.Command(verb) ?? Probes.Command(verb) ?? Ends.Command(verb)
            ?? Handlers.Command(verb) ?? Blocks.Command(verb) ?? Shutdowns.Command(verb) ?? Hangs.Command(verb) ?? Threads.Command(verb);
        (command ?? throw new ArgumentException(string.Join(' ', words)))(words[1..]);
    }
}
