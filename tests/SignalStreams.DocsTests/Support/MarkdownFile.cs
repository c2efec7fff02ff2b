using System.Text.RegularExpressions;

namespace SignalStreams.DocsTests.Support;

/// <summary>A document: its prose and its blocks of C#.</summary>
internal sealed partial record MarkdownFile(string File, IReadOnlyList<CodeBlock> CSharp, string Prose)
{
    private const string Fence = "```";

    public static MarkdownFile Read(string path)
    {
        var file = Repository.Relative(path);
        var lines = System.IO.File.ReadAllLines(path);
        List<CodeBlock> blocks = [];
        List<string> prose = [];
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                prose.Add(lines[i]);
                continue;
            }

            var start = i++;
            while (lines[i].Trim() != Fence)
            {
                i++;
            }

            if (lines[start].Trim()[Fence.Length..] is "csharp" or "cs" or "c#" or "C#")
            {
                blocks.Add(CodeBlock.Make(file, start + 1, "", lines[(start + 1)..i]));
            }
        }

        return new MarkdownFile(file, blocks, string.Join('\n', prose));
    }

    /// <summary>What the document links to, as it is written.</summary>
    public IEnumerable<string> Links() => LinkPattern().Matches(Prose).Select(match => match.Groups["target"].Value);

    /// <summary>The anchors of its headings, as the usual renderers make them.</summary>
    public IEnumerable<string> Anchors() => HeadingPattern().Matches(Prose)
        .Select(match => UnanchoredPattern().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex UnanchoredPattern();
}
