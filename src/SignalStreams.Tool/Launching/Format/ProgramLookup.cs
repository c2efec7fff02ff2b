namespace SignalStreams.Tool;

/// <summary>Finds a program as execvp(3) does: by PATH when its name has no slash, otherwise from the working directory.</summary>
internal static class ProgramLookup
{
    /// <returns>The path, or null and what is wrong.</returns>
    public static string? Find(string program, string workingDirectory, IReadOnlyDictionary<string, string> environment, out string problem, out string remedy)
    {
        problem = "";
        remedy = "";
        if (program.Contains('/', StringComparison.Ordinal) || (OperatingSystem.IsWindows() && program.AsSpan().ContainsAny('\\', ':')))
        {
            var path = Path.GetFullPath(program, workingDirectory);
            if (Candidates(path, environment).FirstOrDefault(IsProgram) is { } found)
            {
                return found;
            }

            (problem, remedy) = Directory.Exists(path) ? ($"the program {path} is a folder", "Name a program in it")
                : File.Exists(path) ? ($"the program {path} may not be executed", $"Make it executable: chmod +x {path}")
                : ($"there is no program {path}", "A relative path starts from the task's cwd");
            return null;
        }

        var searched = environment.GetValueOrDefault("PATH", "");
        foreach (var folder in searched.Split(Path.PathSeparator).Where(folder => folder.Length > 0))
        {
            if (Candidates(Path.Combine(Path.GetFullPath(folder), program), environment).FirstOrDefault(IsProgram) is { } found)
            {
                return found;
            }
        }

        (problem, remedy) = File.Exists(Path.Combine(workingDirectory, program))
            ? ($"there is no program '{NodeReader.Shorten(program)}' in PATH", $"For the file in the task's cwd write ./{program}")
            : ($"there is no program '{NodeReader.Shorten(program)}' in PATH", "Install it, correct its name, or write its whole path");
        return null;
    }

    private static IEnumerable<string> Candidates(string path, IReadOnlyDictionary<string, string> environment) => OperatingSystem.IsWindows()
        ? [path, .. environment.GetValueOrDefault("PATHEXT", ".COM;.EXE;.BAT;.CMD").Split(';').Select(extension => path + extension)]
        : [path];

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
