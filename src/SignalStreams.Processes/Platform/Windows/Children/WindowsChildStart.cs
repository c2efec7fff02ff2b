namespace SignalStreams;

/// <summary>What CreateProcessW is given, quoted and checked.</summary>
/// <param name="FileName">The path of the program.</param>
/// <param name="CommandLine">Its whole command line, its name included.</param>
/// <param name="Environment">Its environment block.</param>
/// <param name="WorkingDirectory">Its folder; null for that of this process.</param>
/// <param name="HasOwnConsole">Whether it gets a hidden console of its own, because this process has none that it could share.</param>
/// <param name="RedirectInput">Whether standard input is a pipe.</param>
/// <param name="RedirectOutput">Whether standard output is a pipe.</param>
/// <param name="RedirectError">Whether standard error is a pipe.</param>
internal sealed record WindowsChildStart(
    string FileName,
    string CommandLine,
    string Environment,
    string? WorkingDirectory,
    bool HasOwnConsole,
    bool RedirectInput,
    bool RedirectOutput,
    bool RedirectError)
{
    /// <summary>Quotes and checks.</summary>
    /// <exception cref="ProcessStartException">Something in it cannot be handed over unchanged.</exception>
    public static WindowsChildStart From(ChildStart start, bool hasConsole) => new(
        start.FileName,
        WindowsCommandLine.Build(start.FileName, start.Arguments),
        WindowsEnvironmentBlock.Build(start.FileName, start.Environment),
        start.WorkingDirectory,
        !hasConsole,
        start.RedirectInput,
        start.RedirectOutput,
        start.RedirectError);
}
