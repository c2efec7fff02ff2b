using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("stuck-handler")]
public sealed class StuckHandlerTests
{
    [Fact]
    public async Task Timeline_names_the_handler_that_hangs_and_the_other_one_runs()
    {
        using var program = await ExampleProcess.StartAsync("stuck-handler");
        await program.LineAsync("waiting");
        program.Kill(SIGTERM);
        var (code, rest) = await program.EndAsync();
        Assert.Contains("connections are closed", rest);
        var verdict = Assert.Single(rest, line => line.StartsWith("The shutdown was held up: ", StringComparison.Ordinal));
        Assert.Matches("^The shutdown was held up: handler 'flush the cache' was given up after [0-9.]+ s \\(limit 2 s\\)\\.$", verdict);
        Assert.Contains(rest, line => line.Contains("flush the cache ", StringComparison.Ordinal) && line.EndsWith("was given up, limit 2 s", StringComparison.Ordinal));
        Assert.Contains(rest, line => line.Contains("close connections ", StringComparison.Ordinal) && line.EndsWith(" ended", StringComparison.Ordinal));
        Assert.Equal(143, code);
    }

    [Fact]
    public async Task Third_attempt_does_not_wait_for_the_limit()
    {
        // The third attempt leaves a quarter of a second for what is said before the end, and a machine that is busy with other things may take that away.
        const int Patience = 10;
        var isSaid = false;
        for (var i = 0; i < Patience && !isSaid; i++)
        {
            using var program = await ExampleProcess.StartAsync("stuck-handler");
            await program.LineAsync("waiting");
            program.Kill(SIGTERM);
            await program.LineAsync("flushing the cache");
            program.Kill(SIGINT);
            program.Kill(SIGQUIT);
            var (code, rest) = await program.EndAsync();

            // Which of two signals comes last is the kernel's choice. On a machine that stands still for two seconds the limit is first, and nothing is shown.
            Assert.True(code is 130 or 131 or 143, $"The exit code is {code}.");
            isSaid = code != 143 && rest.Any(line => line.Contains("handler  flush the cache ", StringComparison.Ordinal));
        }

        Assert.True(isSaid, "The timeline was never shown.");
    }
}
