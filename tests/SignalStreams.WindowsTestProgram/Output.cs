using System.Globalization;

namespace SignalStreams.WindowsTestProgram;

/// <summary>What a test reads: lines on standard output, or, for a service, in a file.</summary>
internal static class Output
{
    private static readonly Lock Gate = new();
    private static TextWriter _writer = TextWriter.Null;

    public static void Open() => _writer = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };

    public static void OpenFile(string path) => _writer = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true, NewLine = "\n" };

    public static void Line(string line)
    {
        lock (Gate)
        {
            _writer.WriteLine(line);
        }
    }

    public static void Line(string name, int value) => Line(string.Create(CultureInfo.InvariantCulture, $"{name} {value}"));
}
