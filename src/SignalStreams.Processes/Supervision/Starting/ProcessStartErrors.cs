using System.ComponentModel;

namespace SignalStreams;

/// <summary>The errors of the lookup before a start; each says what was to be started, what is wrong, and what to do.</summary>
internal static class ProcessStartErrors
{
    public static ProcessStartException NotInPath(string name, string path, int error) => error == StartError.AccessDenied
        ? New(error, name, StartPlace.SearchPath, $"a file of this name is in the PATH that the child gets ({path}), but may not be executed by this user", "Make it executable (chmod +x), or name another one by its path.")
        : New(error, name, StartPlace.SearchPath, $"no program of this name is in the PATH that the child gets ({path})", "Install it, name it by its path, or add its folder to PATH in ProcessStartInfo.Environment.");

    public static ProcessStartException NotAtPath(string name, string path, int error) => error switch
    {
        StartError.NoEntry or StartError.NotAFolder => New(error, name, StartPlace.Path, $"there is no file '{path}'", "A path with a slash is looked up from the child's working folder; check both."),
        StartError.IsAFolder => New(error, name, StartPlace.Path, $"'{path}' is a folder", "Name the program in it."),
        StartError.AccessDenied => New(error, name, StartPlace.Path, $"'{path}' may not be executed by this user", "Make it executable (chmod +x), and see that the folders above it may be entered."),
        _ => new(error, $"Cannot start '{name}': '{path}' cannot be executed: {Describe(error)}.", name),
    };

    public static ProcessStartException WorkingFolder(string name, string folder, int error) => error switch
    {
        StartError.NoEntry => New(error, name, StartPlace.WorkingFolder, $"its working folder '{folder}' does not exist", "Create it, or set ProcessStartInfo.WorkingDirectory to one that does."),
        StartError.NotAFolder => New(error, name, StartPlace.WorkingFolder, $"its working folder '{folder}' is a file", "Set ProcessStartInfo.WorkingDirectory to a folder."),
        StartError.AccessDenied => New(error, name, StartPlace.WorkingFolder, $"its working folder '{folder}' may not be entered by this user", "Allow it (chmod +x), or set another ProcessStartInfo.WorkingDirectory."),
        _ => new(error, $"Cannot start '{name}': its working folder '{folder}' cannot be entered: {Describe(error)}.", name),
    };

    public static ProcessStartException NoCurrentFolder(string name) =>
        new(StartError.NoEntry, $"Cannot start '{name}': the current folder, which a relative path starts from, does not exist any more. Name program and working folder by whole paths, or change to another folder first.", name);

    private static ProcessStartException New(int error, string name, StartPlace place, string problem, string remedy) =>
        new(error, $"Cannot start '{name}': {problem}. {remedy}", name) { Place = place, Problem = problem };

    private static string Describe(int error) => FormattableString.Invariant($"{new Win32Exception(error).Message} (error {error})");
}
