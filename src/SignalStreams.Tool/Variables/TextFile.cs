using System.Text;

namespace SignalStreams.Tool;

/// <summary>Reads small text files that others have written.</summary>
internal static class TextFile
{
    public const int Longest = 4 * 1024 * 1024;

    /// <returns>The text; null, what is wrong and what to do otherwise.</returns>
    public static string? Read(string path, out string problem, out string remedy)
    {
        (problem, remedy) = ("", "");
        try
        {
            if (Directory.Exists(path))
            {
                (problem, remedy) = ("this is a folder", "Name the file in it");
                return null;
            }

            // Not all that there is: /dev/zero has no end.
            using var stream = File.OpenRead(path);
            var bytes = new byte[Longest + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length == bytes.Length)
            {
                (problem, remedy) = ("the file is larger than 4 MiB", "Name another, or split it");
                return null;
            }

            using var reader = new StreamReader(new MemoryStream(bytes, 0, length), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            (problem, remedy) = ("the file is not UTF-8", "Save it as UTF-8");
        }
        catch (Exception bad) when (bad is FileNotFoundException or DirectoryNotFoundException)
        {
            (problem, remedy) = ("there is no such file", "Check the path");
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            (problem, remedy) = ($"the file cannot be read: {bad.Message.TrimEnd('.')}", "Check its permissions");
        }

        return null;
    }
}
