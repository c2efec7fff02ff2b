namespace SignalStreams.TestProgram;

/// <summary>Prints each attempt to end the process that the hub counts.</summary>
internal static class Attempts
{
    /// <summary>Begins, on a thread of its own: the program may hang everywhere else.</summary>
    public static void Print() => new Thread(Watch) { IsBackground = true, Name = "attempts" }.Start();

    private static void Watch()
    {
        for (var attempts = 1; ; attempts++)
        {
            SpinWait.SpinUntil(() => Signals.Hub.Attempts >= attempts);
            Output.Line($"attempts {attempts}");
        }
    }
}
