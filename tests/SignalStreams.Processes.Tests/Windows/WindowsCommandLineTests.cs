using System.Text;

namespace SignalStreams.Processes.Tests.Windows;

public sealed class WindowsCommandLineTests
{
    private const string Program = @"C:\Program Files\a.exe";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("tab\there", "\"tab\there\"")]
    [InlineData(@"C:\plain\", @"C:\plain\")]
    [InlineData(@"C:\two words\", """
        "C:\two words\\"
        """)]
    [InlineData("say \"hi\"", """
        "say \"hi\""
        """)]
    [InlineData("\"", """
        "\""
        """)]
    [InlineData("\\\"", """
        "\\\""
        """)]
    [InlineData(@"a\\b", @"a\\b")]
    [InlineData("%PATH%", "%PATH%")]
    [InlineData("a&b|c", "a&b|c")]
    public void An_argument_is_quoted_only_where_it_must_be(string argument, string expected) =>
        Assert.Equal($"\"{Program}\" {expected}", WindowsCommandLine.Build(Program, [argument]));

    [Fact]
    public void Any_arguments_read_back_as_they_were()
    {
        const string Alphabet = "ab \t\"\\\n%^&'é\U0001F600";
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var arguments = Enumerable.Range(0, random.Next(5)).Select(_ =>
                string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Alphabet[random.Next(Alphabet.Length)]))).ToArray();
            Assert.Equal([Program, .. arguments], Parse(WindowsCommandLine.Build(Program, arguments)));
        }
    }

    [Theory]
    [InlineData(@"C:\a.bat")]
    [InlineData(@"C:\a.CMD")]
    [InlineData(@"C:\a.bat ")]
    [InlineData(@"C:\a.cmd. .")]
    public void A_batch_file_is_known_by_every_spelling(string fileName) => Assert.True(WindowsCommandLine.IsBatchFile(fileName));

    [Theory]
    [InlineData(@"C:\a.exe")]
    [InlineData(@"C:\bat")]
    [InlineData(@"C:\a.bat\b.exe")]
    public void Others_are_no_batch_files(string fileName) => Assert.False(WindowsCommandLine.IsBatchFile(fileName));

    [Theory]
    [InlineData("a&calc")]
    [InlineData("\"&calc")]
    [InlineData("%PATH%")]
    [InlineData("a^b")]
    [InlineData("wow!")]
    [InlineData("a|b")]
    [InlineData("a>b")]
    [InlineData("a<b")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("with space\\")]
    public void What_cmd_would_obey_is_not_handed_to_a_batch_file(string argument)
    {
        var e = Assert.Throws<ProcessStartException>(() => WindowsCommandLine.Build(@"C:\a.bat", ["fine", argument]));
        Assert.Equal(@"C:\a.bat", e.FileName);
        Assert.Contains(argument, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a,b;c=d", "\"a,b;c=d\"")]
    [InlineData("(x)", "\"(x)\"")]
    [InlineData(@"C:\x\", @"C:\x\")]
    public void What_cmd_passes_on_is_handed_over(string argument, string expected) =>
        Assert.Equal($@"""C:\a.bat"" {expected}", WindowsCommandLine.Build(@"C:\a.bat", [argument]));

    [Fact]
    public void A_zero_character_is_refused() => Assert.Throws<ProcessStartException>(() => WindowsCommandLine.Build(Program, ["a\0b"]));

    [Fact]
    public void A_batch_file_whose_name_cmd_would_obey_is_refused() => Assert.Throws<ProcessStartException>(() => WindowsCommandLine.Build(@"C:\%x%\a.bat", []));

    [Fact]
    public void The_longest_line_passes_and_one_character_more_does_not()
    {
        var room = WindowsCommandLine.MaxLength - 1 - $"\"{Program}\" ".Length;
        Assert.Equal(WindowsCommandLine.MaxLength - 1, WindowsCommandLine.Build(Program, [new string('a', room)]).Length);
        var e = Assert.Throws<ProcessStartException>(() => WindowsCommandLine.Build(Program, [new string('a', room + 1)]));
        Assert.Equal(WindowsError.FilenameTooLong, e.NativeErrorCode);
    }

    // As "Parsing C command-line arguments" describes it.
    private static List<string> Parse(string line)
    {
        var end = line.IndexOf('"', 1);
        var arguments = new List<string> { line[1..end] };
        for (var i = end + 1; i < line.Length;)
        {
            if (line[i] is ' ' or '\t')
            {
                i++;
                continue;
            }

            var argument = new StringBuilder();
            var quoted = false;
            while (i < line.Length && (quoted || line[i] is not (' ' or '\t')))
            {
                var backslashes = 0;
                while (i < line.Length && line[i] == '\\')
                {
                    backslashes++;
                    i++;
                }

                if (i < line.Length && line[i] == '"')
                {
                    argument.Append('\\', backslashes / 2);
                    if (backslashes % 2 == 1)
                    {
                        argument.Append('"');
                    }
                    else if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                    {
                        argument.Append('"');
                        i++;
                    }
                    else
                    {
                        quoted = !quoted;
                    }

                    i++;
                }
                else
                {
                    argument.Append('\\', backslashes);
                    if (backslashes == 0)
                    {
                        argument.Append(line[i++]);
                    }
                }
            }

            arguments.Add(argument.ToString());
        }

        return arguments;
    }
}
