using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>The keeper's program (keeper.c), in a file in memory.</summary>
/// <remarks>Not in a file on the disk, which may be read-only, mounted noexec, or left behind.</remarks>
internal sealed unsafe class KeeperImage
{
    /// <summary>"0" or "false": children are started without a keeper.</summary>
    public const string Variable = "SIGNALSTREAMS_USE_KEEPER";

    /// <summary>The AppContext switch to the same end; the variable is asked first.</summary>
    public const string Switch = "SignalStreams.UseKeeper";

    private const uint CloseOnExec = 1;
    private const uint Executable = 0x10;

    private static readonly Lock Gate = new();
    private static KeeperImage? Loaded;
    private static bool IsRefused;

    private readonly int _descriptor;

    private KeeperImage(int descriptor) => _descriptor = descriptor;

    /// <summary>What to execute; resolved before the descriptor is closed by the exec.</summary>
    public string Path => FormattableString.Invariant($"/proc/self/fd/{_descriptor}");

    /// <summary>Gives the program; null where the system, this build, or the user will have none.</summary>
    public static KeeperImage? TryGet()
    {
        if (IsForbidden())
        {
            return null;
        }

        lock (Gate)
        {
            if (Loaded is null && !IsRefused)
            {
                Loaded = TryLoad();
                IsRefused = Loaded is null;
            }

            return IsRefused ? null : Loaded;
        }
    }

    /// <summary>The system did not execute it, and will not the next time.</summary>
    public static void Refuse()
    {
        lock (Gate)
        {
            IsRefused = true;
        }
    }

    private static bool IsForbidden() => Environment.GetEnvironmentVariable(Variable)?.ToLowerInvariant() switch
    {
        "0" or "false" => true,
        "1" or "true" => false,
        _ => AppContext.TryGetSwitch(Switch, out var isUsed) && !isUsed,
    };

    private static KeeperImage? TryLoad()
    {
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => null,
        };
        if (!OperatingSystem.IsLinux() || architecture is null)
        {
            return null;
        }

        // None where there was no C compiler when the library was built.
        if (typeof(KeeperImage).Assembly.GetManifestResourceStream($"keeper-linux-{architecture}") is not UnmanagedMemoryStream image)
        {
            return null;
        }

        // A kernel before 6.3 does not know the second flag, one after it wants to be told (vm.memfd_noexec).
        var descriptor = LibC.CreateMemoryFile("signalstreams-keeper", CloseOnExec | Executable);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == ChildCalls.Invalid)
        {
            descriptor = LibC.CreateMemoryFile("signalstreams-keeper", CloseOnExec);
        }

        if (descriptor < 0)
        {
            return null;
        }

        descriptor = Descriptors.MoveUp(descriptor);
        if (LibC.Write(descriptor, image.PositionPointer, (nint)image.Length) != image.Length)
        {
            _ = LibC.Close(descriptor);
            return null;
        }

        return new KeeperImage(descriptor);
    }
}
