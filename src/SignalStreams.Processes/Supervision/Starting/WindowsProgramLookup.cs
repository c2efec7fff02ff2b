namespace SignalStreams;

/// <summary>Finds the file of a program on Windows: in PATH, with ".exe" where the name has no extension, as CreateProcess does, and never in the current
/// folder unasked.</summary>
internal static class WindowsProgramLookup
{
    public static string Find(string name, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var file = Path.HasExtension(name) ? name : $"{name}.exe";
        if (name.AsSpan().ContainsAny('\\', '/', ':'))
        {
            var path = Path.GetFullPath(Path.Combine(folder, file));
            return File.Exists(path) ? path : throw ProcessStartErrors.NotAtPath(name, path, Directory.Exists(path) ? StartError.IsAFolder : StartError.NoEntry);
        }

        var search = environment.FirstOrDefault(pair => pair.Key.Equals("PATH", StringComparison.OrdinalIgnoreCase)).Value ?? Environment.SystemDirectory;
        return search.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => Path.Combine(folder, entry, file))
            .FirstOrDefault(File.Exists) ?? throw ProcessStartErrors.NotInPath(name, search, StartError.NoEntry);
    }
}
