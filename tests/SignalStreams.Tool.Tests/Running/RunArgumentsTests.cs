namespace SignalStreams.Tool.Tests;

public sealed class RunArgumentsTests
{
    [Theory]
    [InlineData("run -gv --grace 3s -e143 --grace=3s -r TERM:QUIT -- x", null)]
    [InlineData("run --nope -- x", "--nope")]
    [InlineData("run -g -X -- x", "-X")]
    [InlineData("run -- --nope", null)]
    [InlineData("run --help", null)]
    [InlineData("send --nope", null)]
    public void Option_that_is_none_is_no_command(string line, string? unknown) =>
        Assert.Equal(unknown, RunArguments.UnknownOption(line.Split(' '), ToolRoot.Create()));

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
