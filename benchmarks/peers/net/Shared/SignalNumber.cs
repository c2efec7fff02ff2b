using System.Runtime.InteropServices;

/// <summary>Linux's numbers.</summary>
internal static class SignalNumber
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGTERM = 15;

    /// <summary>The enumeration's own value for a signal that it names, the number itself for all others.</summary>
    public static PosixSignal ToPosixSignal(int number) => number switch
    {
        SIGHUP => PosixSignal.SIGHUP,
        SIGINT => PosixSignal.SIGINT,
        SIGTERM => PosixSignal.SIGTERM,
        _ => (PosixSignal)number,
    };
}
