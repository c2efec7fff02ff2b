namespace SignalStreams.Tool.Tests;

public sealed class RewriteTableTests
{
    [Fact]
    public void Rule_replaces_drops_or_leaves_a_signal()
    {
        var table = new RewriteTable();
        Assert.True(table.TryAdd("term:QUIT", out _));
        Assert.True(table.TryAdd("1:0", out _));

        Assert.Equal(SIGQUIT, table.Apply(SIGTERM));
        Assert.Null(table.Apply(SIGHUP));
        Assert.Equal(SIGINT, table.Apply(SIGINT));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL:TERM")]
    [InlineData("TERM:")]
    [InlineData("TERM:99")]
    [InlineData(":TERM")]
    public void Wrong_rule_is_refused(string rule)
    {
        Assert.False(new RewriteTable().TryAdd(rule, out var error));
        Assert.NotEmpty(error);
    }
}
