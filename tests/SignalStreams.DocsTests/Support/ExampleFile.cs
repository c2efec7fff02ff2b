namespace SignalStreams.DocsTests.Support;

/// <summary>A single-file program that the documents show.</summary>
internal static class ExampleFile
{
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Repository.Examples, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(Repository.Examples, path), null).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    public static string PathOf(string name) => Path.Combine(Repository.Examples, name + ".cs");

    /// <summary>The program without the comment and the directives at its head.</summary>
    public static CodeBlock Body(string name)
    {
        var path = PathOf(name);
        var lines = File.ReadAllLines(path);
        var head = lines.TakeWhile(l => l.StartsWith("//", StringComparison.Ordinal) || l.StartsWith("#:", StringComparison.Ordinal)).Count();
        return CodeBlock.Make(Repository.Relative(path), head + 1, name, lines[head..]);
    }
}
