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
    private static string? Refused;

    private readonly int _descriptor;

    private KeeperImage(int descriptor) => _descriptor = descriptor;

    /// <summary>What to execute; resolved before the descriptor is closed by the exec.</summary>
    public string Path => FormattableString.Invariant($"/proc/self/fd/{_descriptor}");

    /// <summary>Why there is none, for people; null where there is one, or nobody has asked.</summary>
    public static string? WhyNone => Refused;

    /// <summary>Gives the program; null where the system, this build, or the user will have none.</summary>
    public static KeeperImage? TryGet()
    {
        if (IsForbidden())
        {
            return null;
        }

        lock (Gate)
        {
            if (Loaded is null && Refused is null)
            {
                Loaded = TryLoad(out Refused);
            }

            return Refused is null ? Loaded : null;
        }
    }

    /// <summary>The system did not execute it, and will not the next time.</summary>
    public static void Refuse(int error)
    {
        lock (Gate)
        {
            Refused = $"the keeper could not be executed: {Marshal.GetPInvokeErrorMessage(error)}";
        }
    }

    private static bool IsForbidden() => Environment.GetEnvironmentVariable(Variable)?.ToLowerInvariant() switch
    {
        "0" or "false" => true,
        "1" or "true" => false,
        _ => AppContext.TryGetSwitch(Switch, out var isUsed) && !isUsed,
    };

    private static KeeperImage? TryLoad(out string? reason)
    {
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => null,
        };
        if (!OperatingSystem.IsLinux() || architecture is null)
        {
            reason = $"there is no keeper for {RuntimeInformation.RuntimeIdentifier}";
            return null;
        }

        if (typeof(KeeperImage).Assembly.GetManifestResourceStream($"keeper-linux-{architecture}") is not UnmanagedMemoryStream image)
        {
            reason = $"this build of the library has no keeper for linux-{architecture}: there was no C compiler";
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
            reason = $"the keeper could not be put into memory: {Marshal.GetLastPInvokeErrorMessage()}";
            return null;
        }

        descriptor = Descriptors.MoveUp(descriptor);
        if (LibC.Write(descriptor, image.PositionPointer, (nint)image.Length) != image.Length)
        {
            reason = $"the keeper could not be put into memory: {Marshal.GetLastPInvokeErrorMessage()}";
            _ = LibC.Close(descriptor);
            return null;
        }

        reason = null;
        return new KeeperImage(descriptor);
    }
}
