using SignalStreams.DocsTests.Support;
using SignalStreams.ProcessTests;

namespace SignalStreams.DocsTests.Examples;

[Example("quickstart")]
public sealed class QuickstartTests
{
    [Fact]
    public async Task Signals_are_printed_and_SIGTERM_ends_it_with_zero()
    {
        using var program = await ExampleProcess.StartAsync("quickstart");
        Assert.StartsWith($"pid {program.Id}: waiting.", await program.LineAsync("waiting"), StringComparison.Ordinal);

        program.Kill(SIGHUP);
        Assert.StartsWith("1: SIGHUP from ", await program.LineAsync("SIGHUP"), StringComparison.Ordinal);
        await program.LineAsync("reloading the configuration");

        program.Kill(SIGUSR1);
        Assert.StartsWith("2: SIGUSR1 from ", await program.LineAsync("SIGUSR1"), StringComparison.Ordinal);

        program.Kill(SIGTERM);
        Assert.StartsWith("3: SIGTERM from ", await program.LineAsync("SIGTERM"), StringComparison.Ordinal);
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up, goodbye"], rest);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task SIGINT_ends_it_with_zero()
    {
        using var program = await ExampleProcess.StartAsync("quickstart");
        await program.LineAsync("waiting");
        program.Kill(SIGINT);
        await program.LineAsync("1: SIGINT from ");
        var (code, rest) = await program.EndAsync();
        Assert.Equal(["cleaned up, goodbye"], rest);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Command_of_the_README_runs_it_and_a_typed_Ctrl_C_ends_that_with_zero()
    {
        const string Command = "dotnet run docs/examples/quickstart.cs";
        Assert.Contains($"```sh\n{Command}\n", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // It builds what the other tests have built, and must not do so at the same time.
        var build = await ExampleBuild.ResultAsync("quickstart");
        Assert.True(build.Succeeded, build.Output);

        using var terminal = new TerminalProcess(Command);
        await terminal.LineAsync(": waiting. Try: kill -HUP ");
        terminal.Type("\u0003");
        await terminal.LineAsync("1: SIGINT from ");
        await terminal.LineAsync("cleaned up, goodbye");
        Assert.Equal(ExitStatus.Of(0), await terminal.EndAsync());
    }
}
