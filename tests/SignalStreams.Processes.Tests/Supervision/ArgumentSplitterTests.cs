using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

public sealed class ArgumentSplitterTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData(" \t ", new string[0])]
    [InlineData("a b", new[] { "a", "b" })]
    [InlineData("\"a b\" c", new[] { "a b", "c" })]
    [InlineData("a\"b c\"d", new[] { "ab cd" })]
    [InlineData("\"\"", new[] { "" })]
    [InlineData("\"a\"\"b\"", new[] { "a\"b" })]
    [InlineData("\\\"a", new[] { "\"a" })]
    [InlineData("\\\\\"a b\"", new[] { "\\a b" })]
    [InlineData("a\\b\\", new[] { "a\\b\\" })]
    [InlineData("'a b'", new[] { "'a", "b'" })]
    [InlineData("a\nb", new[] { "a\nb" })]
    public void A_command_line_is_split(string line, string[] arguments) => Assert.Equal(arguments, ArgumentSplitter.Split(line));

    [Fact]
    public async Task It_is_split_as_Process_does()
    {
        // One process for each line is slow: a few dozen of chance, from the characters that mean something.
        var random = new Random(5);
        for (var i = 0; i < 40; i++)
        {
            var line = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => "ab \t\"\"\\\\'"[random.Next(9)]));
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/printf", $"%s\\0 {line}") { RedirectStandardOutput = true })!;
            var printed = await process.StandardOutput.ReadToEndAsync().WaitAsync(SupervisionLimits.Test);
            await process.WaitForExitAsync().WaitAsync(SupervisionLimits.Test);

            // printf(1) prints its format once when there is nothing to print.
            var expected = printed.Split('\0')[..^1];
            var actual = ArgumentSplitter.Split(line);
            Assert.Equal(actual.Count == 0 ? [""] : actual, expected);
        }
    }
}
