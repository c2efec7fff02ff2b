namespace SignalStreams.Tool;

/// <summary>Says why a program cannot be started in the words of a command line: the library's remedies name members of .NET.</summary>
internal static class StartProblem
{
    /// <summary>One sentence each.</summary>
    public static string Text(ProcessStartException bad) => Of(bad) is var (problem, remedy) && remedy.Length > 0 ? $"{problem}. {remedy}." : problem;

    /// <returns>What is wrong, and what to do; both without a full stop.</returns>
    public static (string Problem, string Remedy) Of(ProcessStartException bad) => bad.Problem is not { } problem ? (bad.Message.TrimEnd('.'), "") :
    (
        $"Cannot start '{NodeReader.Shorten(bad.FileName ?? "")}': {problem}",
        (bad.Place, bad.NativeErrorCode) switch
        {
            (StartPlace.WorkingFolder, StartError.AccessDenied) => "Allow it (chmod +x), or name another",
            (StartPlace.WorkingFolder, _) => "Create it, or name another",
            (_, StartError.AccessDenied) => "Make it executable (chmod +x), and see that the folders above it may be entered",
            (_, StartError.IsAFolder) => "Name the program in it",
            (StartPlace.Path, _) => "A path with a slash is looked up from the working folder; check both",
            _ => "Install it, correct its name, write its whole path, or add its folder to PATH",
        });
}
