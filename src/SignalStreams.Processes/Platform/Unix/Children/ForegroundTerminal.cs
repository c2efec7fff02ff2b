namespace SignalStreams;

/// <summary>The terminal that controls this process, and which process group has it.</summary>
internal static unsafe class ForegroundTerminal
{
    private const int ReadWrite = 2;

    private static int Block => OperatingSystem.IsMacOS() ? 1 : 0;

    private static int Set => OperatingSystem.IsMacOS() ? 3 : 2;

    /// <summary>Opens it where this process has it to give; -1 where there is none, or somebody else is in the foreground.</summary>
    public static int TryOpen()
    {
        var terminal = ChildCalls.Open("/dev/tty", ReadWrite | (OperatingSystem.IsMacOS() ? 0x1020000 : 0x80100));
        if (terminal >= 0 && LibC.ForegroundGroup(terminal) != LibC.OwnGroup())
        {
            _ = LibC.Close(terminal);
            return -1;
        }

        return terminal;
    }

    /// <summary>Gives it to a process group, also from the background (tcsetpgrp(3): SIGTTOU has to be blocked for that).</summary>
    public static void Give(int terminal, int group)
    {
        var signals = stackalloc byte[ChildCalls.OpaqueSize];
        var before = stackalloc byte[ChildCalls.OpaqueSize];
        _ = ChildCalls.EmptySet(signals);
        _ = ChildCalls.AddToSet(signals, ChildCalls.TerminalOutputSignal);
        _ = ChildCalls.ThreadMask(Block, signals, before);
        _ = ChildCalls.SetForegroundGroup(terminal, group);
        _ = ChildCalls.ThreadMask(Set, before, null);
    }
}
