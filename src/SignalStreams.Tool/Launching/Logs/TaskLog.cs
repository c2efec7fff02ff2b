namespace SignalStreams.Tool;

/// <summary>The two files of a task, byte for byte what it wrote.</summary>
internal sealed class TaskLog(Stream output, Stream error) : IDisposable
{
    // The log owns both.
#pragma warning disable CA2000
    public static TaskLog Open(string folder, string fileName)
    {
        var output = Create(Path.Combine(folder, $"{fileName}.log"));
        try
        {
            return new TaskLog(output, Create(Path.Combine(folder, $"{fileName}.stderr.log")));
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }
#pragma warning restore CA2000

    /// <exception cref="IOException">The disk is full, or the like.</exception>
    public void Write(OutputLine line, bool isMoreComing)
    {
        var stream = line.IsError ? error : output;
        stream.Write(line.Bytes.Span);
        if (line.IsComplete)
        {
            stream.WriteByte((byte)'\n');
        }

        if (!isMoreComing)
        {
            output.Flush();
            error.Flush();
        }
    }

    /// <summary>Whether a file could not be made or written. (EFBIG of write(2), for a limit of file size, is an ArgumentOutOfRangeException to the runtime.)</summary>
    public static bool IsRefused(Exception bad) => bad is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    public void Dispose()
    {
        foreach (var stream in (Stream[])[output, error])
        {
            try
            {
                stream.Dispose();
            }
            catch (Exception bad) when (IsRefused(bad))
            {
                // The disk is full; that has been told.
            }
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
