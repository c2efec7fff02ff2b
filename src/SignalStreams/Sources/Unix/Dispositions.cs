using System.Runtime.InteropServices;

// The source is chosen on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>What the process does about a signal now (sigaction(2)): ignores it as it was started (nohup's SIGHUP, a background job's SIGINT), catches it, or neither.</summary>
/// <remarks>
/// The runtime leaves an inherited ignore alone: a registration for such a signal succeeds and never fires (System.Native, pal_signal.c,
/// InstallSignalHandler). SIGTERM is the exception: the runtime has replaced its ignore before managed code can look.
/// </remarks>
internal static unsafe class Dispositions
{
    // What the runtime has on every signal that it catches: one function for all.
    private static byte[]? s_runtimes;

    // Not from /proc/self/status: the kernel takes ten times as long over that file as all the rest of opening a receiver.
    public static bool IsIgnored(int signal) => HandlerOf(signal) == LibC.IgnoreHandler;

    /// <summary>Notes what the runtime's handler is. Called when there is a registration, and before anything of ours is on top of one.</summary>
    public static void NoteTheRuntimes()
    {
        if (Volatile.Read(ref s_runtimes) is null)
        {
            // SIGCONT has it from the first registration on, whatever the process inherited.
            var action = new byte[LibC.OpaqueSize];
            fixed (byte* first = action)
            {
                if (LibC.SigAction(ShutdownSignal.SIGCONT.GetNumber(), null, first) == 0 && *(nint*)first is not (LibC.DefaultHandler or LibC.IgnoreHandler))
                {
                    Volatile.Write(ref s_runtimes, action);
                }
            }
        }
    }

    /// <summary>Whether the runtime's handler is on a signal: somebody has registered for it, or has at some time (SIGINT and SIGQUIT keep it).</summary>
    public static bool IsCaughtByRuntime(int signal)
    {
        fixed (byte* runtimes = s_runtimes)
        {
            return runtimes is not null && HandlerOf(signal) == *(nint*)runtimes;
        }
    }

    /// <summary>Whether a native handler of somebody else's is on a signal, which the runtime's, once registered, calls first, with all that the kernel told.</summary>
    /// <remarks>Not asked of SIGINT, SIGQUIT and SIGTERM: the runtime's virtual machine is on those from the start, and the runtime's handler calls none.</remarks>
    public static bool IsSomebodyElses(int signal)
    {
        var handler = HandlerOf(signal);
        return handler is not (LibC.DefaultHandler or LibC.IgnoreHandler) && handler != HandlerOf(ShutdownSignal.SIGCONT.GetNumber()) && !IsCaughtByRuntime(signal)
            && signal != ShutdownSignal.SIGINT.GetNumber() && signal != ShutdownSignal.SIGQUIT.GetNumber() && signal != ShutdownSignal.SIGTERM.GetNumber();
    }

    /// <summary>Puts the runtime's own handler on an ignored signal; the registration that exists makes the runtime pass the signal on.</summary>
    /// <returns>False when there is no handler to copy.</returns>
    public static bool OverrideIgnore(int signal)
    {
        fixed (byte* runtimes = s_runtimes)
        {
            return runtimes is null ? false
                : LibC.SigAction(signal, runtimes, null) == 0 ? true
                : throw new InvalidOperationException($"The inherited ignore of signal {signal} could not be overridden: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>Ignores a signal again, as the process was told to.</summary>
    public static void Ignore(int signal) => LibC.Signal(signal, LibC.IgnoreHandler);

    // The first word of struct sigaction, on Linux and on macOS.
    private static nint HandlerOf(int signal)
    {
        var action = stackalloc byte[LibC.OpaqueSize];
        return LibC.SigAction(signal, null, action) == 0 ? *(nint*)action : LibC.DefaultHandler;
    }
}
