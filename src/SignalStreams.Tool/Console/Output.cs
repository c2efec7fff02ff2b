using System.Text;

namespace SignalStreams.Tool;

/// <summary>Standard output and standard error, unbuffered, with errors that can be seen.</summary>
internal static class Output
{
    private static readonly Lock Gate = new();

    public static TextWriter Out { get => field ??= Open(Terminals.Output); private set; }

    public static TextWriter Error { get => field ??= Open(Terminals.Error); private set; }

    public static bool ColourOut { get; } = Terminals.WantsColour(Terminals.Output);

    public static bool ColourError { get; } = Terminals.WantsColour(Terminals.Error);

    /// <summary>Writes one whole line to standard output.</summary>
    /// <exception cref="ClosedOutputException">Nobody reads it.</exception>
    public static void Line(string text)
    {
        // One write: lines of several threads, and of several processes, do not mix.
        lock (Gate)
        {
            Out.Write(text + "\n");
        }
    }

    /// <summary>Writes one whole line to standard error. That nobody reads it is no reason to end.</summary>
    public static void Note(string text)
    {
        lock (Gate)
        {
            try
            {
                Error.Write(text + "\n");
            }
            catch (IOException)
            {
                // Messages have nowhere else to go.
            }
        }
    }

    /// <summary>Writes an error message to standard error.</summary>
    public static void Problem(string text) => Note($"{Style.Red("signalstreams:", ColourError)} {text}");

    private static StreamWriter Open(int descriptor) => new(Stream(descriptor), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 512) { AutoFlush = true, NewLine = "\n" };

    private static Stream Stream(int descriptor) => !OperatingSystem.IsWindows() ? new DescriptorStream(descriptor)
        : descriptor == Terminals.Output ? Console.OpenStandardOutput() : Console.OpenStandardError();
}
