namespace SignalStreams.DocsTests.Support;

/// <summary>Some lines of C#, and where they stand.</summary>
/// <param name="File">The file, relative to the repository.</param>
/// <param name="Line">The line of the fence or of the #region, from 1 up.</param>
/// <param name="Name">The name of a region; empty for a block of a document.</param>
/// <param name="Text">The lines without the indentation that all of them share.</param>
internal sealed record CodeBlock(string File, int Line, string Name, string Text)
{
    public static CodeBlock Make(string file, int line, string name, IEnumerable<string> lines)
    {
        var trimmed = lines.Select(l => l.TrimEnd()).ToArray();
        var shared = trimmed.Where(l => l.Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        var text = string.Join('\n', trimmed.Select(l => l.Length == 0 ? l : l[shared..])).Trim('\n');
        return new CodeBlock(file, line, name, text);
    }

    public override string ToString() => $"{File}:{Line} {Name}\n{Text}\n";
}
