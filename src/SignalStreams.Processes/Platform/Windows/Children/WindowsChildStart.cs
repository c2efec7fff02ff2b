namespace SignalStreams;

/// <summary>What CreateProcessW is given, quoted and checked.</summary>
/// <param name="FileName">The path of the program.</param>
/// <param name="CommandLine">Its whole command line, its name included.</param>
/// <param name="Environment">Its environment block.</param>
/// <param name="WorkingDirectory">Its folder; null for that of this process.</param>
/// <param name="Console">Which console it gets.</param>
/// <param name="RedirectInput">Whether standard input is a pipe.</param>
/// <param name="RedirectOutput">Whether standard output is a pipe.</param>
/// <param name="RedirectError">Whether standard error is a pipe.</param>
internal sealed record WindowsChildStart(
    string FileName,
    string CommandLine,
    string Environment,
    string? WorkingDirectory,
    WindowsChildConsole Console,
    bool RedirectInput,
    bool RedirectOutput,
    bool RedirectError)
{
    /// <summary>Which console a child gets.</summary>
    /// <remarks>One that writes to our console stays on it: whether a handle of one console serves a process of another nobody promises. Without the
    /// console helper nothing could be sent to a console of its own.</remarks>
    public static WindowsChildConsole ConsoleFor(ChildStart start, IWindowsProcessApi api) =>
        api.ConsoleProcesses().Count == 0 ? WindowsChildConsole.Own
        : start.Place == ProcessPlace.Foreground ? WindowsChildConsole.Shared
        : start.Place == ProcessPlace.Group || !api.HasConsoleHelper
            || (!start.RedirectOutput && api.HasConsoleOutput) || (!start.RedirectError && api.HasConsoleError) ? WindowsChildConsole.OwnGroup
        : WindowsChildConsole.Own;

    /// <summary>Quotes and checks.</summary>
    /// <exception cref="ProcessStartException">Something in it cannot be handed over unchanged.</exception>
    public static WindowsChildStart From(ChildStart start, WindowsChildConsole console) => new(
        start.FileName,
        WindowsCommandLine.Build(start.FileName, start.Arguments),
        WindowsEnvironmentBlock.Build(start.FileName, start.Environment),
        start.WorkingDirectory,
        console,
        start.RedirectInput,
        start.RedirectOutput,
        start.RedirectError);
}
