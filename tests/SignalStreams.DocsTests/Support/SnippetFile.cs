namespace SignalStreams.DocsTests.Support;

/// <summary>A source file of this project whose regions are shown in the documents.</summary>
internal static class SnippetFile
{
    public static IReadOnlyList<CodeBlock> AllRegions { get; } =
        [.. Directory.EnumerateFiles(Repository.Snippets, "*.cs").Order(StringComparer.Ordinal).SelectMany(Regions)];

    private static IEnumerable<CodeBlock> Regions(string path)
    {
        const string Begin = "#region ";
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart().StartsWith(Begin, StringComparison.Ordinal))
            {
                var start = i;
                while (lines[i].Trim() != "#endregion")
                {
                    i++;
                }

                yield return CodeBlock.Make(Repository.Relative(path), start + 1, lines[start].Trim()[Begin.Length..], lines[(start + 1)..i]);
            }
        }
    }
}
