namespace SignalStreams;

/// <summary>Finds the file of a program on Windows: in PATH, as it is named where the name has an extension, or else with ".exe", and never in the current
/// folder unasked.</summary>
/// <remarks>What CreateProcess takes for an extension may be none: python3.12 is python3.12.exe.</remarks>
internal static class WindowsProgramLookup
{
    public static string Find(string name, IReadOnlyDictionary<string, string> environment, string folder)
    {
        string[] files = Path.HasExtension(name) ? [name, $"{name}.exe"] : [$"{name}.exe"];
        if (name.AsSpan().ContainsAny('\\', '/', ':'))
        {
            var paths = Array.ConvertAll(files, file => Path.GetFullPath(Path.Combine(folder, file)));
            return Array.Find(paths, File.Exists) ?? throw ProcessStartErrors.NotAtPath(name, paths[0], Directory.Exists(paths[0]) ? StartError.IsAFolder : StartError.NoEntry);
        }

        var search = environment.FirstOrDefault(pair => pair.Key.Equals("PATH", StringComparison.OrdinalIgnoreCase)).Value ?? Environment.SystemDirectory;
        return search.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SelectMany(_ => files, (entry, file) => Path.Combine(folder, entry, file))
            .FirstOrDefault(File.Exists) ?? throw ProcessStartErrors.NotInPath(name, search, StartError.NoEntry);
    }
}
