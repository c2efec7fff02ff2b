using System.Reflection;
using SignalStreams.Tests.PublicApi;

namespace SignalStreams.AspNetCore.Tests.PublicApi;

public sealed class PublicApiTests
{
    [Fact]
    public void Public_face_is_the_committed_one()
    {
        const string Name = "SignalStreams.AspNetCore";
        var folder = Path.Combine(AppContext.BaseDirectory, "PublicApi");
        var approved = Path.Combine(folder, $"{Name}.txt");
        var actual = PublicApiText.Of(Assembly.Load(Name));
        if (!File.Exists(approved) || File.ReadAllText(approved).ReplaceLineEndings("\n") != actual)
        {
            var received = Path.Combine(folder, $"{Name}.received.txt");
            Directory.CreateDirectory(folder);
            File.WriteAllText(received, actual);
            Assert.Fail($"""
                The public face of {Name} is not what tests/SignalStreams.AspNetCore.Tests/PublicApi/{Name}.txt says.
                If the change is meant, copy this file over it: {received}
                {Differences(File.Exists(approved) ? File.ReadAllLines(approved) : [], actual.Split('\n'))}
                """);
        }
    }

    private static string Differences(string[] approved, string[] actual) => string.Join('\n',
        approved.Except(actual).Select(line => $"- {line}").Concat(actual.Except(approved).Select(line => $"+ {line}")));
}
