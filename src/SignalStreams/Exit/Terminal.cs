namespace SignalStreams;

/// <summary>Puts the terminal back as it was found: a process that dies while it reads a key would leave the user without echo.</summary>
internal static unsafe class Terminal
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int Now = 0;

    private static readonly byte[] Attributes = new byte[LibC.OpaqueSize];
    private static int _state;

    /// <summary>Remembers the terminal's settings, the first time that it is called.</summary>
    public static void Remember()
    {
        if (OperatingSystem.IsWindows() || Volatile.Read(ref _state) != 0 || Interlocked.CompareExchange(ref _state, 1, 0) != 0)
        {
            return;
        }

        if (LibC.IsTerminal(StandardInput) == 1)
        {
            fixed (byte* attributes = Attributes)
            {
                if (LibC.GetTerminal(StandardInput, attributes) == 0)
                {
                    Volatile.Write(ref _state, 2);
                }
            }
        }
    }

    /// <summary>Restores echo, line mode and cursor. Does nothing for a process in the background, which the terminal would stop for it.</summary>
    public static void Restore()
    {
        if (Volatile.Read(ref _state) != 2 || LibC.ForegroundGroup(StandardInput) != LibC.OwnGroup())
        {
            return;
        }

        fixed (byte* attributes = Attributes)
        {
            _ = LibC.SetTerminal(StandardInput, Now, attributes);
        }

        if (LibC.IsTerminal(StandardOutput) == 1 && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"))
        {
            fixed (byte* showCursor = "\e[?25h"u8)
            {
                _ = LibC.Write(StandardOutput, showCursor, 6);
            }
        }
    }
}
