using System.Runtime.InteropServices;

// The source is chosen on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>The signals that the process was started with as ignored (nohup's SIGHUP, a background job's SIGINT), and the way around them.</summary>
/// <remarks>
/// The runtime leaves such a signal ignored: a registration for it succeeds and never fires (System.Native, pal_signal.c,
/// InstallSignalHandler). SIGTERM is the exception: the runtime has replaced its ignore before managed code can look.
/// </remarks>
internal static unsafe class InheritedIgnores
{
    /// <summary>Whether a signal is ignored now.</summary>
    public static bool Contains(int signal)
    {
        // Not from /proc/self/status: the kernel takes ten times as long over that file as all the rest of opening a receiver.
        var action = stackalloc byte[LibC.OpaqueSize];
        return LibC.SigAction(signal, null, action) == 0 && *(nint*)action == LibC.IgnoreHandler;
    }

    /// <summary>Puts the runtime's own handler on an ignored signal, by copying it from a signal that has it.</summary>
    /// <remarks>The handler is one function for all signals, and the registration that exists makes the runtime pass this one on.
    /// SIGCONT has it from the first registration on, whatever the process inherited.</remarks>
    /// <returns>False when SIGCONT does not have it either.</returns>
    public static bool Override(int signal)
    {
        var action = stackalloc byte[LibC.OpaqueSize];
        if (LibC.SigAction(ShutdownSignal.SIGCONT.GetNumber(), null, action) != 0 || *(nint*)action is LibC.DefaultHandler or LibC.IgnoreHandler)
        {
            return false;
        }

        return LibC.SigAction(signal, action, null) == 0 ? true
            : throw new InvalidOperationException($"The inherited ignore of signal {signal} could not be overridden: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Ignores a signal again, as the process was told to.</summary>
    public static void Restore(int signal) => LibC.Signal(signal, LibC.IgnoreHandler);
}
