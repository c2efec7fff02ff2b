using System.Text;

namespace SignalStreams.Tool;

/// <summary>Reads small text files that others have written, or are writing: a pipe of <c>&lt;(generate)</c>, a FIFO.</summary>
internal static class TextFile
{
    public const int Longest = 4 * 1024 * 1024;

    // Whoever wants to be read has opened it before: a shell opens the pipe or the FIFO before it starts the program that writes.
    private static readonly TimeSpan WriterLimit = TimeSpan.FromSeconds(5);

    // A file is there in less than that.
    private static readonly TimeSpan FileLimit = TimeSpan.FromMilliseconds(50);

    /// <remarks>What is written into a pipe is waited for as long as somebody has it open for writing. A signal that asks this program to end is heeded
    /// meanwhile, also as process 1, where the kernel drops what nobody listens to.</remarks>
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

            if (ReadBytes(path) is not { } bytes)
            {
                (problem, remedy) = ($"nobody has opened it for writing within {Durations.Format(WriterLimit)}", "A FIFO waits for its writer: start that first, or name a file");
                return null;
            }

            if (bytes.Count > Longest)
            {
                (problem, remedy) = ("the file is larger than 4 MiB", "Name another, or split it");
                return null;
            }

            using var reader = new StreamReader(new MemoryStream(bytes.Array!, 0, bytes.Count), new UTF8Encoding(false, throwOnInvalidBytes: true));
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

    // Null when it could not be opened in time. open(2) of a FIFO and read(2) of a pipe wait, and cannot be called off: a thread of their own waits in them.
    private static ArraySegment<byte>? ReadBytes(string path)
    {
        var opened = new TaskCompletionSource();
        var reading = Task.Factory.StartNew(() => ReadAll(path, opened), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!Task.WhenAny(reading).Wait(FileLimit))
        {
            // SIGTERM, which is what comes to process 1 of a container, before the others.
            using var end = Signals.CancelOn(ShutdownSignal.SIGTERM, ShutdownSignal.SIGINT, ShutdownSignal.SIGQUIT, ShutdownSignal.SIGHUP);
            try
            {
                if (!Task.WhenAny(opened.Task, reading).Wait((int)WriterLimit.TotalMilliseconds, end.Token))
                {
                    return null;
                }

                Task.WhenAny(reading).Wait(end.Token);
            }
            catch (OperationCanceledException) when (end.Signal is { } signal)
            {
                Signals.ExitBySignal(signal);
            }
        }

        return reading.GetAwaiter().GetResult();
    }

    private static ArraySegment<byte> ReadAll(string path, TaskCompletionSource opened)
    {
        using var stream = File.OpenRead(path);
        opened.SetResult();

        // Not all that there is: /dev/zero has no end.
        var bytes = new byte[Longest + 1];
        return new(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }
}
