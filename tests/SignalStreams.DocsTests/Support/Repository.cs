using System.Reflection;

namespace SignalStreams.DocsTests.Support;

/// <summary>The files that the tests are about.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The configuration that this project, and with it the library, was built in.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    public static string Snippets => Path.Combine(Root, "tests", "SignalStreams.DocsTests", "Snippets");

    public static string Examples => Path.Combine(Root, "docs", "examples");

    public static IReadOnlyList<MarkdownFile> MarkdownFiles { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(MarkdownFile.Read),
    ];

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
