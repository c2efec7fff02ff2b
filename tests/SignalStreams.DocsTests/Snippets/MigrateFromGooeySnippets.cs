using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class MigrateFromGooeySnippets : SnippetTests
{
    [Fact]
    public async Task One_signal_and_no_more()
    {
        using var shell = await ShellChild.StartAsync("trap '' TERM");
        var child = shell.Process;

        #region One_signal_and_no_more
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child), StopPlan.Gooey(SIGINT));
        #endregion
        Assert.Equal((StopResult.Graceful, SIGINT), (outcome.Result, outcome.LastSignal));
    }

    [Fact]
    public async Task Second_press_hurries()
    {
        using var shell = await ShellChild.StartAsync("trap '' INT");
        var child = shell.Process;
        var stopButton = new Button();

        #region Second_press_hurries
        stopButton.Click += async () =>
        {
            var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(child), StopPlan.Gooey(SIGINT).ThenKill());
            Console.WriteLine(outcome.WasStopped ? "stopped" : "had finished by itself");
        };
        #endregion
        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(stopButton.Press(), stopButton.Press()).WithLimit();
        Assert.Equal(["stopped", "stopped"], Console.Lines);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < StopPlan.Gooey(SIGINT).Steps[0].Patience, "The second press hurried nothing.");
    }

    private sealed class Button
    {
        public event Func<Task>? Click;

        public Task Press() => Click?.Invoke() ?? Task.CompletedTask;
    }
}
