namespace SignalStreams.HostProgram;

/// <summary>What a scenario tells the test.</summary>
internal static class Line
{
    public static void Write(string text)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }
}
