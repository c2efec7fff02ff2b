namespace SignalStreams;

/// <summary>What is started, checked and complete: nothing in it is looked up again.</summary>
/// <param name="FileName">The path of the program, absolute.</param>
/// <param name="Arguments">Its arguments, without its name.</param>
/// <param name="Environment">Its whole environment.</param>
/// <param name="WorkingDirectory">Its folder; null for that of this process.</param>
/// <param name="Place">Where it stands towards the terminal.</param>
/// <param name="RedirectInput">Whether standard input is a pipe.</param>
/// <param name="RedirectOutput">Whether standard output is a pipe.</param>
/// <param name="RedirectError">Whether standard error is a pipe.</param>
internal sealed record ChildStart(
    string FileName,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string? WorkingDirectory,
    ProcessPlace Place,
    bool RedirectInput,
    bool RedirectOutput,
    bool RedirectError)
{
    /// <summary>What it is told that it is called (argv[0]): the name as the caller gave it, as with execvp(3). Programs with several names go by it.</summary>
    public string Name { get; init; } = FileName;
}
