namespace SignalStreams;

/// <summary>Where a child stands towards the terminal and its signals.</summary>
/// <remarks>Windows: a process that has no console gives each child a hidden one of its own, whatever is asked for ("Process Creation Flags",
/// CREATE_NO_WINDOW).</remarks>
public enum ProcessPlace
{
    /// <summary>In a session of its own, without the terminal: Ctrl-C does not reach it.</summary>
    /// <remarks>Windows: on a hidden console of its own. Where its standard output or standard error is our console, it is placed as
    /// <see cref="Group"/> says.</remarks>
    Session,

    /// <summary>In a process group of its own, in the session of this process.</summary>
    /// <remarks>Windows: Ctrl-C is disabled in it until it asks for it (CREATE_NEW_PROCESS_GROUP), so that SIGINT reaches few; Ctrl-Break reaches it,
    /// also where it was typed.</remarks>
    Group,

    /// <summary>In a process group of its own that has the terminal while it runs: Ctrl-C reaches it alone, and it can read from the terminal.</summary>
    /// <remarks>Windows: on our console and in our group, which has no foreground: what is typed reaches it and us, and no console event can be sent to it
    /// alone.</remarks>
    Foreground,
}
