namespace SignalStreams;

// The file is the caller's.
#pragma warning disable CA2000

/// <summary>A program that is carried in the assembly, written to a file so that the system can start it.</summary>
internal static class ExtractedFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Gives the file with exactly this content, written first where it is missing or another.</summary>
    /// <returns>The file, open for reading and so that nobody can write, replace or delete it while it is (on Windows).</returns>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not be written.</exception>
    public static FileStream Open(ReadOnlySpan<byte> content, string folder, string name)
    {
        _ = Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        if (TryOpen(content, path) is { } found)
        {
            return found;
        }

        // Whoever writes it at the same time, or looks through what is new on the disk (https://github.com/dotnet/core-setup/pull/7135), holds it for moments.
        var end = Deadline.After(Patience, TimeProvider.System);
        while (true)
        {
            try
            {
                return Write(content, folder, path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && !end.HasPassed(TimeProvider.System))
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static FileStream Write(ReadOnlySpan<byte> content, string folder, string path)
    {
        // Under another name first: a second process that looks meanwhile finds all of it or nothing.
        var draft = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(draft);

            // Another process was quicker, and holds it open.
            return TryOpen(content, path) ?? throw new IOException($"{path} cannot be written: {e.Message}", e);
        }

        return TryOpen(content, path) ?? throw new IOException($"{path} was changed while it was being written.");
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody looks through it. It stays, in a folder for temporary files.
        }
    }

    // Compared and not trusted: the folder for temporary files may be open to others.
    private static FileStream? TryOpen(ReadOnlySpan<byte> content, string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Missing, or held by somebody who writes it; if it may not be read, writing it will say so.
            return null;
        }

        var found = new byte[content.Length];
        if (file.Length == content.Length && file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) == found.Length && content.SequenceEqual(found))
        {
            return file;
        }

        file.Dispose();
        return null;
    }
}
