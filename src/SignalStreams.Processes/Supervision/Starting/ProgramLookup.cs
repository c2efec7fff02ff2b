namespace SignalStreams;

/// <summary>Finds the file of a program as execvp(3) does, and says clearly what is missing.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A name without a slash is looked up in the PATH of the environment that the child gets, not in that of this process.</item>
/// <item>A relative path is looked up from the child's working folder, where execvp would be called.</item>
/// <item>An empty entry of PATH means nothing here. execvp takes it for the current folder, and then whoever can write a file there chooses the
/// program.</item>
/// </list>
/// </remarks>
internal static class ProgramLookup
{
    // What execvp(3) of glibc takes when there is no PATH.
    private const string DefaultPath = "/bin:/usr/bin";

    /// <param name="name">The program, as the caller named it.</param>
    /// <param name="environment">The environment that the child gets.</param>
    /// <param name="workingDirectory">The folder that the child gets, absolute; null for that of this process.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="ProcessStartException">There is none that this user may execute.</exception>
    public static string Find(string name, IReadOnlyDictionary<string, string> environment, string? workingDirectory)
    {
        CheckWorkingFolder(name, workingDirectory);
        return OperatingSystem.IsWindows() ? WindowsProgramLookup.Find(name, environment, workingDirectory ?? Environment.CurrentDirectory)
            : name.Contains('/', StringComparison.Ordinal) ? FindAtPath(name, Join(workingDirectory, name, name))
            : FindInPath(name, environment.TryGetValue("PATH", out var path) ? path : DefaultPath, workingDirectory);
    }

    private static void CheckWorkingFolder(string name, string? folder)
    {
        if (folder is null)
        {
            return;
        }

        var error = OperatingSystem.IsWindows() ? 0 : UnixFileAccess.Execute(folder);
        if (Directory.Exists(folder) && error == 0)
        {
            return;
        }

        throw ProcessStartErrors.WorkingFolder(name, folder, File.Exists(folder) ? StartError.NotAFolder : error == 0 ? StartError.NoEntry : error);
    }

    private static string FindAtPath(string name, string path) =>
        Check(path) is var error and not 0 ? throw ProcessStartErrors.NotAtPath(name, path, error) : path;

    private static string FindInPath(string name, string path, string? folder)
    {
        var isDenied = false;
        foreach (var entry in path.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = $"{Join(folder, entry, name).TrimEnd('/')}/{name}";
            switch (Check(candidate))
            {
                case 0:
                    return candidate;
                case StartError.AccessDenied:
                    // As execvp: a later one may do; if none does, this is what is told.
                    isDenied = true;
                    break;
            }
        }

        throw ProcessStartErrors.NotInPath(name, path, isDenied ? StartError.AccessDenied : StartError.NoEntry);
    }

    private static int Check(string path) => Directory.Exists(path) ? StartError.IsAFolder : UnixFileAccess.Execute(path);

    // Not Path.GetFullPath: taking ".." out of a text leads elsewhere where a folder is a symbolic link. The current folder is asked for only where it
    // counts: it may be gone.
    private static string Join(string? folder, string path, string name) =>
        path.StartsWith('/') ? path : $"{(folder ?? CurrentFolder(name)).TrimEnd('/')}/{path}";

    /// <summary>The current folder of this process.</summary>
    /// <exception cref="ProcessStartException">It has been deleted.</exception>
    internal static string CurrentFolder(string name)
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ProcessStartErrors.NoCurrentFolder(name);
        }
    }
}
