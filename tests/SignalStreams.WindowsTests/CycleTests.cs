using System.Globalization;

namespace SignalStreams.WindowsTests;

/// <summary>Opening and closing leaves nothing behind.</summary>
public sealed class CycleTests
{
    [Theory]
    [InlineData("SIGINT", 10_000)]
    [InlineData("SIGTERM", 10_000)]
    [InlineData("SIGINT,SIGBREAK,SIGHUP,SIGTERM,CTRL_LOGOFF_EVENT", 2_000)]
    public async Task Ten_thousand_cycles_leak_no_handle_no_thread_and_no_window(string signals, int cycles)
    {
        using var child = new WindowsChild("Cycles", signals, cycles.ToString(CultureInfo.InvariantCulture));
        var handles = await child.NumberAsync("before handles");
        var threads = await child.NumberAsync("before threads");
        await child.ExpectAsync("cycled", TimeSpan.FromMinutes(2));
        // Wine tells the size of its table, which is a power of two.
        Assert.InRange(await child.NumberAsync("after handles"), 0, handles + 20);
        Assert.InRange(await child.NumberAsync("after threads"), 0, threads + 3);
        Assert.Empty(child.Windows(messageOnly: false));
        Assert.Empty(child.Windows(messageOnly: true));
        child.Type("end");
        await child.AssertEndsAsync(7);
    }
}
