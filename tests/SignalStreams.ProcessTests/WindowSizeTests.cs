namespace SignalStreams.ProcessTests;

public sealed class WindowSizeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Console_learns_of_a_new_size_while_we_listen_to_SIGWINCH_and_after(bool isConsoleFirst)
    {
        // Without echo, so that the lines hold what the program prints and no more.
        string[] shell = ["sh", "-c", "stty -echo; exec \"$0\" \"$@\""];
        using var child = await ChildProcess.StartReadyAsync(ChildStart.Scenario("Remote") with { Input = ChildInput.Terminal, Prefix = shell });
        child.Resize(80);
        string[] commands = ["width 80", "read r SIGWINCH"];
        await child.DoAsync(isConsoleFirst ? commands : [.. commands.Reverse()]);
        foreach (var width in new[] { 100, 120 })
        {
            child.Resize(width);
            await child.ExpectAsync("r SIGWINCH");
            await child.DoAsync($"width {width}");
        }

        await child.DoAsync("off r");
        child.Resize(90);
        await child.DoAsync("width 90");
        await child.EndAsync();
    }
}
