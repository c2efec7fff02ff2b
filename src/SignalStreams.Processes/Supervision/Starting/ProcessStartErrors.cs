using System.ComponentModel;

namespace SignalStreams;

/// <summary>The errors of a start; each says what was to be started, what is wrong, and what to do.</summary>
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
        _ => FromSystem(name, path, error),
    };

    public static ProcessStartException WorkingFolder(string name, string folder, int error) => error switch
    {
        StartError.NoEntry => new(error, $"Cannot start '{name}': its working folder '{folder}' does not exist. Create it, or set ProcessStartInfo.WorkingDirectory to one that does.", name),
        StartError.NotAFolder => new(error, $"Cannot start '{name}': its working folder '{folder}' is a file. Set ProcessStartInfo.WorkingDirectory to a folder.", name),
        StartError.AccessDenied => new(error, $"Cannot start '{name}': its working folder '{folder}' may not be entered by this user. Allow it (chmod +x), or set another ProcessStartInfo.WorkingDirectory.", name),
        _ => new(error, $"Cannot start '{name}': its working folder '{folder}' cannot be entered: {Describe(error)}.", name),
    };

    /// <summary>What the system says when it is asked to execute the program.</summary>
    public static ProcessStartException FromSystem(string name, string path, int error) => error switch
    {
        StartError.NoEntry => new(error, $"Cannot start '{path}': the file has gone, or the interpreter that its first line or its format names does not exist. Check '#!' at its beginning, or that it was built for this system.", name),
        StartError.AccessDenied => new(error, $"Cannot start '{path}': it may not be executed by this user, or its file system is mounted noexec, or its interpreter may not be executed.", name),
        StartError.NotExecutableFormat => new(error, $"Cannot start '{path}': the system does not know its format. A script needs a first line such as '#!/bin/sh': nothing is passed to a shell unasked. A program has to be built for this processor.", name),
        StartError.ArgumentsTooLong => new(error, $"Cannot start '{path}': arguments and environment are too long together, or one of them is longer than 128 KiB (execve(2)). Pass the data through a file or standard input.", name),
        StartError.FileBusy => new(error, $"Cannot start '{path}': somebody has it open for writing. Start it when it is written.", name),
        StartError.TryAgain => new(error, $"Cannot start '{path}': the limit of processes is reached (RLIMIT_NPROC, or pids.max of the control group). Raise it, or end processes.", name),
        StartError.TooManyFiles or StartError.TooManyFilesInSystem => new(error, $"Cannot start '{path}': too many files are open (RLIMIT_NOFILE, or fs.file-max). Raise the limit, or dispose what is no longer used.", name),
        StartError.NoMemory => new(error, $"Cannot start '{path}': not enough memory.", name),
        StartError.NotPermitted => new(error, $"Cannot start '{path}': the system does not permit it (a security module, or a set-user-id program under no_new_privs).", name),
        _ => new(error, $"Cannot start '{path}': {Describe(error)}.", name),
    };

    private static string Describe(int error) => FormattableString.Invariant($"{new Win32Exception(error).Message} (error {error})");
}
