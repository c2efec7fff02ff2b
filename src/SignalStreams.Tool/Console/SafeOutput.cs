namespace SignalStreams.Tool;

/// <summary>Lines of a work that goes on when nobody reads about it any more: a stop that was begun is finished.</summary>
internal static class SafeOutput
{
    public static void Line(string text)
    {
        try
        {
            Output.Line(text);
        }
        catch (IOException)
        {
            // The exit code says how it came out.
        }
    }
}
