using System.Text;

namespace SignalStreams.PeersTarget;

/// <summary>Standard output, byte by byte: the driver takes the time of each.</summary>
internal static class Answer
{
    private static readonly Stream Output = Console.OpenStandardOutput();

    public static void Write(ReadOnlySpan<byte> bytes) => Output.Write(bytes);

    public static void Write(string text) => Output.Write(Encoding.ASCII.GetBytes(text));
}
