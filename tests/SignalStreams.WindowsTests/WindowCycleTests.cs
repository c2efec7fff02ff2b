namespace SignalStreams.WindowsTests;

/// <summary>Windows that are made and destroyed leave nothing behind.</summary>
public sealed class WindowCycleTests
{
    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("CTRL_LOGOFF_EVENT")]
    public async Task Windows_that_were_made_and_destroyed_five_hundred_times_leave_no_handle_no_thread_no_class_and_no_window(string signals)
    {
        using var child = new WindowsChild("WindowCycles", signals, "500");
        var handles = await child.NumberAsync("before handles");
        var threads = await child.NumberAsync("before threads");
        await child.ExpectAsync("made 500", TimeSpan.FromMinutes(2));
        Assert.InRange(await child.NumberAsync("after handles"), 0, handles + 20);
        Assert.InRange(await child.NumberAsync("after threads"), 0, threads + 3);
        await child.ExpectAsync("classes left 0");
        Assert.Empty(child.Windows(messageOnly: false));
        Assert.Empty(child.Windows(messageOnly: true));
        child.Type("end");
        await child.AssertEndsAsync(7);
    }
}
