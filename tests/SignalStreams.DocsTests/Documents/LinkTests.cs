using System.Text.RegularExpressions;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Documents;

public sealed partial class LinkTests
{
    public static TheoryData<string> Documents => [.. Repository.MarkdownFiles.Select(f => f.File)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Relative_links_of_a_document_resolve(string document)
    {
        var file = Repository.MarkdownFiles.Single(f => f.File == document);
        Assert.Empty(file.Links().Where(link => !Resolves(file, link)));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Files_that_a_document_names_exist(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        Assert.Empty(PathPattern().Matches(text).Select(m => m.Value).Where(path => !Path.Exists(Path.Combine(Repository.Root, path))));
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_readme()
    {
        HashSet<string> reached = [];
        Queue<string> left = new(["README.md"]);
        while (left.TryDequeue(out var document))
        {
            if (reached.Add(document) && Repository.MarkdownFiles.SingleOrDefault(f => f.File == document) is { } file)
            {
                foreach (var link in file.Links().Where(IsRelative))
                {
                    left.Enqueue(Repository.Relative(Target(file, link)));
                }
            }
        }

        Assert.Empty(Repository.MarkdownFiles.Select(f => f.File).Where(f => !reached.Contains(f)));
    }

    private static bool IsRelative(string link) => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal);

    private static string Target(MarkdownFile file, string link)
    {
        var path = link.Split('#')[0];
        return Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file.File)!, path.Length == 0 ? Path.GetFileName(file.File) : path));
    }

    private static bool Resolves(MarkdownFile file, string link)
    {
        if (!IsRelative(link))
        {
            return Uri.TryCreate(link, UriKind.Absolute, out _);
        }

        var target = Target(file, link);
        var anchor = link.Split('#').ElementAtOrDefault(1);
        return Path.Exists(target) && (anchor is null || MarkdownFile.Read(target).Anchors().Contains(anchor));
    }

    [GeneratedRegex(@"\b(docs|src|tests|benchmarks)/[\w./-]*\w")]
    private static partial Regex PathPattern();
}
