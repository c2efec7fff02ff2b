using System.Globalization;

namespace SignalStreams.WindowsTests;

/// <summary>Opening and closing leaves nothing behind.</summary>
public sealed class LeakTests
{
    [Theory]
    [InlineData("SIGINT", 10_000)]
    [InlineData("SIGTERM", 10_000)]
    [InlineData("SIGINT,SIGBREAK,SIGHUP,SIGTERM,CTRL_LOGOFF_EVENT", 2_000)]
    public async Task Ten_thousand_cycles_leak_no_handle_no_thread_and_no_window(string signals, int cycles)
    {
        using var child = new WindowsChild("Cycles", signals, cycles.ToString(CultureInfo.InvariantCulture));
        var handles = await NumberAsync(child, "before handles");
        var threads = await NumberAsync(child, "before threads");
        await child.ExpectAsync("cycled", TimeSpan.FromMinutes(2));
        // Wine tells the size of its table, which is a power of two.
        Assert.InRange(await NumberAsync(child, "after handles"), 0, handles + 20);
        Assert.InRange(await NumberAsync(child, "after threads"), 0, threads + 3);
        Assert.Empty(child.Windows(messageOnly: false));
        Assert.Empty(child.Windows(messageOnly: true));
        child.Type("end");
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("CTRL_LOGOFF_EVENT")]
    public async Task Windows_that_were_made_and_destroyed_five_hundred_times_leave_no_handle_no_thread_no_class_and_no_window(string signals)
    {
        using var child = new WindowsChild("WindowCycles", signals, "500");
        var handles = await NumberAsync(child, "before handles");
        var threads = await NumberAsync(child, "before threads");
        await child.ExpectAsync("made 500", TimeSpan.FromMinutes(2));
        Assert.InRange(await NumberAsync(child, "after handles"), 0, handles + 20);
        Assert.InRange(await NumberAsync(child, "after threads"), 0, threads + 3);
        await child.ExpectAsync("classes left 0");
        Assert.Empty(child.Windows(messageOnly: false));
        Assert.Empty(child.Windows(messageOnly: true));
        child.Type("end");
        await child.AssertEndsAsync(7);
    }

    private static async Task<int> NumberAsync(WindowsChild child, string what) =>
        int.Parse((await child.ExpectAsync(what))[(what.Length + 1)..], CultureInfo.InvariantCulture);
}
