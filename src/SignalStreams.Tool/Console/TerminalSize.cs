namespace SignalStreams.Tool;

/// <summary>How many columns and rows the terminal on standard output has now.</summary>
internal static class TerminalSize
{
    public static (int Width, int Height) Now() => (Of(() => System.Console.WindowWidth, 80), Of(() => System.Console.WindowHeight, 24));

    // A terminal that says nothing, or that it has no rows at all, as some do that a program has made.
    private static int Of(Func<int> ask, int usual)
    {
        try
        {
            return ask() is > 0 and var size ? size : usual;
        }
        catch (Exception bad) when (bad is IOException or PlatformNotSupportedException)
        {
            return usual;
        }
    }
}
