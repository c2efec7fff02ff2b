using System.Text;
using Spectre.Console;

namespace SignalStreams.Tool;

/// <summary>The terminal on standard output, of the size that it has now.</summary>
internal sealed class TerminalOutput(TextWriter writer) : IAnsiConsoleOutput
{
    public TextWriter Writer => writer;

    public bool IsTerminal => true;

    public int Width => Size(() => Console.WindowWidth, 80);

    public int Height => Size(() => Console.WindowHeight, 24);

    public void SetEncoding(Encoding encoding)
    {
        // Ours is UTF-8 already.
    }

    // A terminal that says nothing, or that it has no rows at all, as some do that a program has made.
    private static int Size(Func<int> ask, int usual)
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
