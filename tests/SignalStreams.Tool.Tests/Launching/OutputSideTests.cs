namespace SignalStreams.Tool.Tests;

public sealed class OutputSideTests
{
    [Fact]
    public void A_stream_that_is_closed_is_told_also_when_more_has_been_written_since()
    {
        using var closed = new ClosedStream();
        var side = new OutputSide(closed, "standard output", hasColours: false);
        var line = new OutputLine(new byte[100 * 1024], false, true, 1);
        side.Write("a", 36, line);
        side.Write("a", 36, line);
        side.Send();
        Assert.IsType<ClosedOutputException>(side.Failure);
        side.Drop();
        Assert.False(side.IsStuck);
        Assert.False(side.HasMore);
    }

    private sealed class ClosedStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new ClosedOutputException();
    }
}
