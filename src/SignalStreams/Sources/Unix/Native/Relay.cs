using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>The signal handler in C, and the ring that it fills: relay.c, which says how.</summary>
/// <remarks>Never unloaded: somebody may have the handler as what he passes signals on to.</remarks>
internal sealed unsafe class Relay
{
    private readonly delegate* unmanaged[SuppressGCTransition]<int, int> _open;
    private readonly delegate* unmanaged[SuppressGCTransition]<int, int> _close;
    private readonly delegate* unmanaged[SuppressGCTransition]<RelayRecord*, int> _take;
    private readonly delegate* unmanaged[SuppressGCTransition]<uint> _bell;
    private readonly delegate* unmanaged[SuppressGCTransition]<int> _isMainThread;
    private readonly delegate* unmanaged<uint, long, void> _park;
    private readonly delegate* unmanaged<int, void> _wake;
    private readonly delegate* unmanaged<int, void> _forward;

    /// <summary>How many records the ring holds; "RING_SIZE" in relay.c.</summary>
    public const int Capacity = 65536;

    private Relay(nint library)
    {
        _open = (delegate* unmanaged[SuppressGCTransition]<int, int>)NativeLibrary.GetExport(library, "ss_open");
        _close = (delegate* unmanaged[SuppressGCTransition]<int, int>)NativeLibrary.GetExport(library, "ss_close");
        _take = (delegate* unmanaged[SuppressGCTransition]<RelayRecord*, int>)NativeLibrary.GetExport(library, "ss_take");
        _bell = (delegate* unmanaged[SuppressGCTransition]<uint>)NativeLibrary.GetExport(library, "ss_bell");
        _isMainThread = (delegate* unmanaged[SuppressGCTransition]<int>)NativeLibrary.GetExport(library, "ss_is_main_thread");
        _park = (delegate* unmanaged<uint, long, void>)NativeLibrary.GetExport(library, "ss_park");
        _wake = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "ss_wake");
        _forward = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "ss_forward");
    }

    /// <summary>Loads the handler out of the assembly.</summary>
    /// <param name="reason">Why there is none, for people.</param>
    public static Relay? TryLoad(out string reason)
    {
        var architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => null,
        };
        if (!OperatingSystem.IsLinux() || architecture is null)
        {
            reason = $"there is no native source for {RuntimeInformation.RuntimeIdentifier}";
            return null;
        }

        if (typeof(Relay).Assembly.GetManifestResourceStream($"relay-linux-{architecture}.so") is not UnmanagedMemoryStream image)
        {
            reason = $"this build of the library has no native source for linux-{architecture}: there was no C compiler";
            return null;
        }

        try
        {
            var relay = new Relay(Load(image));
            reason = "";
            return relay;
        }
        catch (Exception e) when (e is Win32Exception or DllNotFoundException or EntryPointNotFoundException)
        {
            reason = $"the native source could not be loaded: {e.Message}";
            return null;
        }
    }

    /// <summary>Puts the handler on top of the runtime's.</summary>
    /// <returns>False where the registration with the runtime has to serve alone: the signal is ignored, somebody else's handler is there, or the system refuses.</returns>
    public bool Open(int signal) => _open(signal) == 0;

    /// <summary>Takes the handler away.</summary>
    /// <returns>False when somebody has put his own on top of it: it stays, and passes on what comes.</returns>
    public bool Close(int signal) => _close(signal) == 1;

    /// <summary>Gives the next record. One thread at a time.</summary>
    public bool TryTake(out RelayRecord record)
    {
        fixed (RelayRecord* pointer = &record)
        {
            return _take(pointer) == 1;
        }
    }

    /// <summary>How often the bell has rung: at every signal, and at every <see cref="WakeAll"/>.</summary>
    public uint Bell => _bell();

    /// <summary>Whether this is the thread that the kernel prefers for the process's signals.</summary>
    public bool IsMainThread => _isMainThread() == 1;

    /// <summary>Sleeps until the bell has rung once more than it had; sometimes comes back for nothing.</summary>
    /// <param name="before">What <see cref="Bell"/> was before the caller looked for anything to do.</param>
    /// <param name="nanoseconds">The time limit; negative for none.</param>
    public void Park(uint before, long nanoseconds) => _park(before, nanoseconds);

    /// <summary>Wakes all who sleep.</summary>
    public void WakeAll() => _wake(int.MaxValue);

    /// <summary>Hands a signal to the runtime's handler, for other owners.</summary>
    public void Forward(int signal) => _forward(signal);

    // Not through a file on the disk, which may be read-only, mounted noexec, or left behind. Not through a stream either: loading those classes
    // takes longer than all the rest.
    private static nint Load(UnmanagedMemoryStream image)
    {
        var descriptor = LibC.CreateMemoryFile("signalstreams-relay", LibC.CloseOnExec);
        if (descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        try
        {
            if (LibC.Write(descriptor, image.PositionPointer, (nint)image.Length) != image.Length)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            // Left open, and spelled as nobody else spells it: glibc takes a library of the same name for the same library, and a second
            // copy of this assembly, in another load context, needs a ring of its own.
            return NativeLibrary.Load($"/proc/self/./fd/{descriptor}");
        }
        catch
        {
            _ = LibC.Close(descriptor);
            throw;
        }
    }
}
