using System.ComponentModel;

namespace SignalStreams;

/// <summary>What CreateProcessW's errors mean, and what to do.</summary>
internal static class WindowsStartErrors
{
    public static ProcessStartException For(int error, string fileName, string? workingDirectory) => new(error, Describe(error, fileName, workingDirectory), fileName);

    private static string Describe(int error, string fileName, string? workingDirectory) => error switch
    {
        WindowsError.FileNotFound or WindowsError.PathNotFound => $"There is no program {fileName}. Check the path.",
        WindowsError.AccessDenied => $"{fileName} cannot be started: access is denied. Check that it is a file, and that this user may read and run it.",
        WindowsError.Directory => $"{fileName} cannot be started in {workingDirectory ?? "the folder of this process"}: there is no such folder. Check the working directory.",
        WindowsError.BadExeFormat or WindowsError.BadFormat => $"{fileName} is no program of Windows. A script needs its interpreter: start that, with the script as its first argument.",
        WindowsError.ExeMachineTypeMismatch => $"{fileName} was built for another processor.",
        WindowsError.ElevationRequired => $"{fileName} asks for an administrator. Start this process as one.",
        WindowsError.FilenameTooLong => $"{fileName} cannot be started: the path or the command line is too long.",
        _ => FormattableString.Invariant($"{fileName} cannot be started: {new Win32Exception(error).Message} (error {error})"),
    };
}
