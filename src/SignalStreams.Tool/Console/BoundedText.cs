using System.Text;

namespace SignalStreams.Tool;

/// <summary>Reads files that somebody names and that are small when they are what they should be.</summary>
internal static class BoundedText
{
    /// <summary>The text of a file; null when it has more bytes than that. A device or a pipe without an end (/dev/zero) is one that has more.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static string? Read(string path, int most)
    {
        using var file = File.OpenRead(path);
        using var bytes = new MemoryStream();
        var part = new byte[16 * 1024];
        while (file.Read(part) is > 0 and var count)
        {
            if (bytes.Length + count > most)
            {
                return null;
            }

            bytes.Write(part, 0, count);
        }

        bytes.Position = 0;
        using var reader = new StreamReader(bytes, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
