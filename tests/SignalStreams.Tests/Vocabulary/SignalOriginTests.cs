namespace SignalStreams.Tests.Vocabulary;

public sealed class SignalOriginTests
{
    [Fact]
    public void Default_origin_is_unknown() => Assert.Equal("unknown sender", default(SignalOrigin).ToString());

    [Fact]
    public void Process_is_named_by_pid_and_uid() =>
        Assert.Equal("pid 1, uid 0", new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 }.ToString());

    [Fact]
    public void Queued_signal_shows_its_value() =>
        Assert.Equal("pid 7, uid 1000, value -3", new SignalOrigin { Kind = SignalOriginKind.Queue, ProcessId = 7, UserId = 1000, Value = -3 }.ToString());

    [Theory]
    [InlineData(SignalOriginKind.Process, "another process")]
    [InlineData(SignalOriginKind.Kernel, "kernel")]
    [InlineData(SignalOriginKind.Terminal, "terminal")]
    [InlineData(SignalOriginKind.Timer, "timer")]
    [InlineData(SignalOriginKind.Self, "this process")]
    [InlineData(SignalOriginKind.Console, "console")]
    [InlineData(SignalOriginKind.Window, "window message")]
    [InlineData(SignalOriginKind.Test, "test")]
    public void Kind_alone_has_a_word(SignalOriginKind kind, string expected) => Assert.Equal(expected, new SignalOrigin { Kind = kind }.ToString());

    [Fact]
    public void Delivery_prints_a_line_for_a_log()
    {
        var delivery = new SignalDelivery { Signal = SIGTERM, Count = 1, Origin = new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 } };
        Assert.Equal("SIGTERM from pid 1, uid 0", delivery.ToString());
        Assert.Equal("SIGTERM x3 from pid 1, uid 0", (delivery with { Count = 3 }).ToString());
    }
}
