namespace SignalStreams.ProcessTests.Stress;

public sealed class UnloadTests
{
    [Theory]
    [InlineData("briefly", 20)]
    [InlineData("everything", 10)]
    [InlineData("long", 3)]
    public async Task Load_context_with_the_library_in_it_is_gone_after_it_was_unloaded(string use, int times)
    {
        using var child = ChildProcess.Start("StressUnload", use, $"{times}");
        await child.ExpectNextAsync("unloaded");
        await child.AssertEndsAsync(0);
    }
}
