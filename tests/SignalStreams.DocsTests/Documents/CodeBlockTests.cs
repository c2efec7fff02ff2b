using System.Reflection;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Documents;

public sealed class CodeBlockTests
{
    private static readonly CodeBlock[] Blocks = [.. Repository.MarkdownFiles.SelectMany(f => f.CSharp)];

    [Fact]
    public void Every_block_of_a_document_is_a_region_that_a_test_runs_or_an_example()
    {
        var known = SnippetFile.AllRegions.Concat(ExampleFile.Names.Select(ExampleFile.Body)).Select(b => b.Text).ToHashSet();
        Assert.NotEmpty(Blocks);
        Assert.Empty(Blocks.Where(block => !known.Contains(block.Text)));
    }

    [Fact]
    public void Every_region_is_shown_by_a_document()
    {
        var shown = Blocks.Select(b => b.Text).ToHashSet();
        Assert.Empty(SnippetFile.AllRegions.Where(region => !shown.Contains(region.Text)));
    }

    // A region that no test runs would only compile.
    [Fact]
    public void Every_region_is_named_after_the_test_that_runs_it()
    {
        var tests = typeof(CodeBlockTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is { Skip: null }).Select(m => $"{type.Name}.cs {m.Name}"))
            .ToHashSet();
        Assert.Empty(SnippetFile.AllRegions.Where(region => !tests.Contains($"{Path.GetFileName(region.File)} {region.Name.Split(' ')[0]}")));
    }
}
