namespace SignalStreams;

/// <summary>Which console a child has, and so who is hit by the console events that are sent to it.</summary>
internal enum WindowsChildConsole
{
    /// <summary>A hidden one of its own: whoever is attached to it came of the child, and an event reaches them all. Nothing typed at ours reaches it.</summary>
    Own,

    /// <summary>Ours, as the leader of a process group. Ctrl-C is disabled in it (CreateProcess, "Process Creation Flags"); Ctrl-Break is not.</summary>
    OwnGroup,

    /// <summary>Ours, in our process group: what is typed there reaches it and us. Nothing can be sent to it alone.</summary>
    Shared,
}
