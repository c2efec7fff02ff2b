using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SignalStreams.Tool;

/// <summary>The folder that one launch writes its logs to: private, and of its own.</summary>
internal static class LogFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where logs go when nobody says where: the state folder of the user (XDG Base Directory Specification).</summary>
    public static string DefaultRoot(string launchName)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var state = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } named && Path.IsPathRooted(named) ? named
            : Path.Combine(home, ".local", "state");
        return Path.Combine(state, "signalstreams", "log", LogNames.Of(launchName));
    }

    /// <summary>Creates NAME-YYYY-MM-DD--HH-MM-SS, with a number behind it when there is one already.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static string Create(string root, string launchName, TimeProvider time)
    {
        MakeRoot(root);
        var name = $"{LogNames.Of(launchName)}-{time.GetLocalNow().ToString("yyyy-MM-dd--HH-mm-ss", CultureInfo.InvariantCulture)}";
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(root, number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"));
            if (TryMake(path))
            {
                return path;
            }
        }
    }

    // Made by this launch or not at all: in a root that others may write to, a folder or a link of this name that is there already is somebody else's.
    private static bool TryMake(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (Path.Exists(path))
            {
                return false;
            }

            Directory.CreateDirectory(path);
            return true;
        }

        const int exists = 17;
        return NativeMethods.MakeFolder(path, (uint)Private) == 0
            || (Marshal.GetLastPInvokeError() is var error && error == exists ? false : throw new IOException(new Win32Exception(error).Message));
    }

    private static void MakeRoot(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Private);
        }
    }
}
