using System.Reflection;

namespace SignalStreams.Tests.PublicApi;

/// <summary>Linked into each project that has public faces to keep: one for each file in its folder PublicApi.</summary>
public sealed class PublicApiTests
{
    private const string Received = ".received.txt";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "PublicApi");

    public static TheoryData<string> Faces =>
        [.. Directory.GetFiles(Folder, "*.txt").Where(file => !file.EndsWith(Received, StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Faces))]
    public void Public_face_is_the_committed_one(string assembly)
    {
        var approved = File.ReadAllText(Path.Combine(Folder, $"{assembly}.txt")).ReplaceLineEndings("\n");
        var actual = PublicApiText.Of(Assembly.Load(assembly));
        if (approved != actual)
        {
            var received = Path.Combine(Folder, assembly + Received);
            File.WriteAllText(received, actual);
            Assert.Fail($"""
                The public face of {assembly} is not what tests/{typeof(PublicApiTests).Assembly.GetName().Name}/PublicApi/{assembly}.txt says.
                If the change is meant, copy this file over it: {received}
                {Differences(approved.Split('\n'), actual.Split('\n'))}
                """);
        }
    }

    private static string Differences(string[] approved, string[] actual) => string.Join('\n',
        approved.Except(actual).Select(line => $"- {line}").Concat(actual.Except(approved).Select(line => $"+ {line}")));
}
