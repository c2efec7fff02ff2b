namespace SignalStreams.Tool.Tests;

public sealed class RunArgumentsTests
{
    [Theory]
    [InlineData("run sleep 1", "run -- sleep 1")]
    [InlineData("run -- sleep -- 1", "run -- sleep -- 1")]
    [InlineData("run -g --grace 3s sleep -v", "run -g --grace 3s -- sleep -v")]
    [InlineData("run --grace=3s -r TERM:QUIT sleep --help", "run --grace=3s -r TERM:QUIT -- sleep --help")]
    [InlineData("run --help", "run --help")]
    [InlineData("send TERM 1", "send TERM 1")]
    public void Command_begins_at_the_first_word_that_is_no_option(string line, string expected) =>
        Assert.Equal(expected.Split(' '), RunArguments.Separate(line.Split(' '), ToolRoot.Create()));
}
