namespace SignalStreams.WindowsTests;

/// <summary>A Ctrl-C that nobody has read when its receiver is closed: whoever has it now decides.</summary>
public sealed class RedeliveryTests
{
    [Theory]
    [InlineData("key handler")]
    [InlineData("registration that handles it")]
    public async Task Another_owner_that_handles_it_hears_of_it_again_and_the_program_goes_on(string owner)
    {
        using var child = await WindowsChild.StartAsync("Redeliver", owner);
        child.Raise(ConsoleEvent.CtrlC);
        await child.ExpectAsync("owner heard");
        child.Type("close");
        await child.ExpectAsync("owner heard");
        child.Type("end");
        await child.AssertEndsAsync(7);
    }

    [Theory]
    [InlineData("nobody", 0)]
    [InlineData("registration that looks on", 2)]
    public async Task It_ends_the_program_where_nobody_else_handles_it(string owner, int heard)
    {
        using var child = await WindowsChild.StartAsync("Redeliver", owner);
        child.Raise(ConsoleEvent.CtrlC);
        child.Type("close");
        await child.AssertEndsAsync(WindowsChild.ControlCExit);
        Assert.Equal(heard, child.Output.Split("owner heard").Length - 1);
    }
}
