using System.Reflection;

namespace SignalStreams.Tests.PublicApi;

public sealed class PublicApiTests
{
    [Theory]
    [InlineData("SignalStreams")]
    [InlineData("SignalStreams.Processes")]
    [InlineData("SignalStreams.Reactive")]
    [InlineData("SignalStreams.Testing")]
    public void Public_face_is_the_committed_one(string assembly)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "PublicApi");
        var approved = Path.Combine(folder, $"{assembly}.txt");
        var actual = PublicApiText.Of(Assembly.Load(assembly));
        if (!File.Exists(approved) || File.ReadAllText(approved).ReplaceLineEndings("\n") != actual)
        {
            var received = Path.Combine(folder, $"{assembly}.received.txt");
            Directory.CreateDirectory(folder);
            File.WriteAllText(received, actual);
            Assert.Fail($"""
                The public face of {assembly} is not what tests/SignalStreams.Tests/PublicApi/{assembly}.txt says.
                If the change is meant, copy this file over it: {received}
                {Differences(File.Exists(approved) ? File.ReadAllLines(approved) : [], actual.Split('\n'))}
                """);
        }
    }

    private static string Differences(string[] approved, string[] actual) => string.Join('\n',
        approved.Except(actual).Select(line => $"- {line}").Concat(actual.Except(approved).Select(line => $"+ {line}")));
}
