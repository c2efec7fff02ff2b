namespace SignalStreams;

/// <summary>Puts the terminal back as it was found: a process that dies while it reads a key would leave the user without echo.</summary>
internal static unsafe class Terminal
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int Now = 0;

    private static readonly byte[] Attributes = new byte[LibC.OpaqueSize];
    private static int _state;

    /// <summary>Remembers the terminal's settings, the first time that it is called; as they were before the runtime began to read keys, if it did.</summary>
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
                    UndoKeyReading(attributes);
                    Volatile.Write(ref _state, 2);
                }
            }
        }
    }

    /// <summary>Restores echo, line mode and cursor. Does nothing for a process in the background, which the terminal would stop for it.</summary>
    public static void Restore()
    {
        // A key may have been read in a program that never listened to a signal.
        Remember();
        if (Volatile.Read(ref _state) != 2 || LibC.ForegroundGroup(StandardInput) != LibC.OwnGroup())
        {
            return;
        }

        fixed (byte* attributes = Attributes)
        {
            _ = LibC.SetTerminal(StandardInput, Now, attributes);
        }

        // Nobody may be reading what is written there, and a process that is to end must not wait for that.
        var output = new LibC.PollRequest { Descriptor = StandardOutput, Events = LibC.CanWrite };
        if (LibC.IsTerminal(StandardOutput) == 1 && LibC.Poll(&output, 1, 0) == 1 && output.Returned == LibC.CanWrite && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"))
        {
            fixed (byte* showCursor = "\e[?25h"u8)
            {
                _ = LibC.Write(StandardOutput, showCursor, 6);
            }
        }
    }

    // From Console.ReadKey on the runtime keeps all three off until the process ends in its way (System.Native, pal_console.c, ConfigureTerminal).
    // Somebody who switches the echo off for a password leaves the others on.
    private static void UndoKeyReading(byte* attributes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // struct termios of Linux begins with c_iflag, c_oflag, c_cflag, c_lflag, of 32 bits each; see termios(3).
        var input = (uint*)attributes;
        var local = input + 3;
        const uint FlowControl = 0x400;
        const uint LineMode = 0x2;
        const uint Echo = 0x8;
        const uint ExtendedInput = 0x8000;
        if ((*local & (LineMode | Echo | ExtendedInput)) == 0)
        {
            *local |= LineMode | Echo | ExtendedInput;
            *input |= FlowControl;
        }
    }
}
