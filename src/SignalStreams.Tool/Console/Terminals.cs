namespace SignalStreams.Tool;

/// <summary>What is a terminal, and whether colours are wanted there.</summary>
internal static class Terminals
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    public static bool IsTerminal(int descriptor) => OperatingSystem.IsWindows()
        ? descriptor switch
        {
            Input => !Console.IsInputRedirected,
            Output => !Console.IsOutputRedirected,
            _ => !Console.IsErrorRedirected,
        }
        : NativeMethods.IsTerminal(descriptor) == 1;

    /// <summary>Whether a picture can be drawn and redrawn there.</summary>
    public static bool CanMoveCursor(int descriptor) => IsTerminal(descriptor) && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Whether colours are wanted: on a terminal, unless NO_COLOR is set to anything (no-color.org) or TERM is dumb.</summary>
    /// <remarks>Plain text on Windows, whose console has to be asked for escape sequences first; the live pictures ask.</remarks>
    public static bool WantsColour(int descriptor) =>
        !OperatingSystem.IsWindows() && CanMoveCursor(descriptor) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether this process has the terminal on which it reads and writes: a child can be given it.</summary>
    /// <remarks>Both: with <c>… | less</c> the terminal is the pager's. On Windows whoever has a console: there is no foreground, and what is typed at a
    /// console all get who are on it.</remarks>
    public static bool IsInForeground => OperatingSystem.IsWindows() ? new WindowsProcessApi().ConsoleProcesses().Count > 0
        : IsTerminal(Input) && IsTerminal(Output) && NativeMethods.ForegroundGroup(Input) == NativeMethods.OwnGroup();
}
