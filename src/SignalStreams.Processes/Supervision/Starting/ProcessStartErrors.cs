using System.ComponentModel;

namespace SignalStreams;

/// <summary>The errors of the lookup before a start; each says what was to be started, what is wrong, and what to do.</summary>
internal static class ProcessStartErrors
{
    public static ProcessStartException NotInPath(string name, string path, int error) => error == StartError.AccessDenied
        ? new(error, $"Cannot start '{name}': a file of this name is in the PATH that the child gets ({path}), but may not be executed by this user. Make it executable (chmod +x), or name another one by its path.", name)
        : new(error, $"Cannot start '{name}': no program of this name is in the PATH that the child gets ({path}). Install it, name it by its path, or add its folder to PATH in ProcessStartInfo.Environment.", name);

    public static ProcessStartException NotAtPath(string name, string path, int error) => error switch
    {
        StartError.NoEntry or StartError.NotAFolder => new(error, $"Cannot start '{name}': there is no file '{path}'. A path with a slash is looked up from the child's working folder; check both.", name),
        StartError.IsAFolder => new(error, $"Cannot start '{name}': '{path}' is a folder. Name the program in it.", name),
        StartError.AccessDenied => new(error, $"Cannot start '{name}': '{path}' may not be executed by this user. Make it executable (chmod +x), and see that the folders above it may be entered.", name),
        _ => new(error, $"Cannot start '{name}': '{path}' cannot be executed: {Describe(error)}.", name),
    };

    public static ProcessStartException WorkingFolder(string name, string folder, int error) => error switch
    {
        StartError.NoEntry => new(error, $"Cannot start '{name}': its working folder '{folder}' does not exist. Create it, or set ProcessStartInfo.WorkingDirectory to one that does.", name),
        StartError.NotAFolder => new(error, $"Cannot start '{name}': its working folder '{folder}' is a file. Set ProcessStartInfo.WorkingDirectory to a folder.", name),
        StartError.AccessDenied => new(error, $"Cannot start '{name}': its working folder '{folder}' may not be entered by this user. Allow it (chmod +x), or set another ProcessStartInfo.WorkingDirectory.", name),
        _ => new(error, $"Cannot start '{name}': its working folder '{folder}' cannot be entered: {Describe(error)}.", name),
    };

    public static ProcessStartException NoCurrentFolder(string name) =>
        new(StartError.NoEntry, $"Cannot start '{name}': the current folder, which a relative path starts from, does not exist any more. Name program and working folder by whole paths, or change to another folder first.", name);

    private static string Describe(int error) => FormattableString.Invariant($"{new Win32Exception(error).Message} (error {error})");
}
