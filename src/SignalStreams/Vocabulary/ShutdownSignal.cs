using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>A signal of the operating system, by its portable name or, as a positive value, by the number of the platform.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Names that <see cref="System.Runtime.InteropServices.PosixSignal"/> has keep its values; the others lie from -1001 down.</item>
/// <item>A positive value is a raw number of the platform: <c>(ShutdownSignal)15</c> is treated, and delivered, as
/// <see cref="SIGTERM"/>; only a number without a name here (a real-time signal, say) keeps its value.</item>
/// <item>On Windows a name stands for a console event or a window message; the members say which.</item>
/// <item>See signal(7) for what each one means and does by default.</item>
/// </list>
/// </remarks>
public enum ShutdownSignal
{
    /// <summary>Hang-up: the terminal went away; for a service by convention a request to reload its configuration. Ends a process by default. Windows: the console window is closed (CTRL_CLOSE_EVENT).</summary>
    SIGHUP = -1,

    /// <summary>Interrupt: Ctrl-C in the terminal. Ends a process by default. Windows: CTRL_C_EVENT.</summary>
    SIGINT = -2,

    /// <summary>Quit: Ctrl-\ in the terminal. Ends a process by default, with a core dump where those are on. Windows: CTRL_BREAK_EVENT.</summary>
    SIGQUIT = -3,

    /// <summary>Terminate: what <c>kill</c>, systemd, Docker and Kubernetes send to ask a process to stop. Windows: a close message (WM_CLOSE, which <c>taskkill</c> sends), the stop of a service, and the shutdown of the system (CTRL_SHUTDOWN_EVENT).</summary>
    SIGTERM = -4,

    /// <summary>A child process stopped or ended. Ignored by default.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGCHLD = -5,

    /// <summary>Continue after a stop. A stopped process goes on, listened to or not.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGCONT = -6,

    /// <summary>The terminal window changed its size. Ignored by default.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGWINCH = -7,

    /// <summary>A background process reads from the terminal.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGTTIN = -8,

    /// <summary>A background process writes to the terminal.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGTTOU = -9,

    /// <summary>Stop typed at the terminal: Ctrl-Z. A process that listens is not stopped.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGTSTP = -10,

    /// <summary>Kill. For sending only: no process can catch it.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGKILL = -11,

    /// <summary>Stop. For sending only: no process can catch it.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGSTOP = -1001,

    /// <summary>Broken pipe. For sending only: the runtime ignores it in every .NET process.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGPIPE = -1002,

    /// <summary>First signal free for the program's own use. Ends a process by default.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGUSR1 = -1003,

    /// <summary>Second signal free for the program's own use. Ends a process by default.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGUSR2 = -1004,

    /// <summary>A timer of alarm(2) or setitimer(2) ran out. Ends a process by default.</summary>
    [UnsupportedOSPlatform("windows")]
    SIGALRM = -1005,

    /// <summary>CTRL_BREAK_EVENT under the name that the C runtime of Windows gives it; the same event as <see cref="SIGQUIT"/>.</summary>
    [SupportedOSPlatform("windows")]
    SIGBREAK = -1006,

    /// <summary>The console window is closed. The process has about 5 s.</summary>
    [SupportedOSPlatform("windows")]
    CTRL_CLOSE_EVENT = -1007,

    /// <summary>The user logs off. The process has about 5 s.</summary>
    [SupportedOSPlatform("windows")]
    CTRL_LOGOFF_EVENT = -1008,

    /// <summary>The system shuts down. The process has about 5 s, a service 20 s.</summary>
    [SupportedOSPlatform("windows")]
    CTRL_SHUTDOWN_EVENT = -1009,
}
