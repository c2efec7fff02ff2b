using System.CommandLine;

namespace SignalStreams.Tool;

internal static class Program
{
    // BrokenPipe by number: the vocabulary calls it SIGPIPE, and Windows has none.
    private const int ShellCodeOfBrokenPipe = 141;

    public static int Main(string[] args)
    {
        try
        {
            return Run(args);
        }
        catch (ClosedOutputException)
        {
            return EndByClosedOutput();
        }
    }

    private static int Run(string[] args)
    {
        var root = ToolRoot.Create(args is [var first, ..] ? first : null);
        var separated = RunArguments.Separate(CompletionRequest.Adapt(args, root), root);
        if (RunArguments.UnknownOption(separated, root) is { } unknown)
        {
            return UsageErrors.Report(root.Subcommands.First(command => command.Name == RunCommand.Name), $"There is no option '{unknown}'.");
        }

        var result = root.Parse(separated, new ParserConfiguration
        {
            // An argument that begins with @ is an argument, and no file to read others from.
            ResponseFileTokenReplacer = null,
        });
        result.InvocationConfiguration.Output = Output.Out;
        result.InvocationConfiguration.Error = Output.Error;

        // Signals are this program's own business.
        result.InvocationConfiguration.ProcessTerminationTimeout = null;
        result.InvocationConfiguration.EnableDefaultExceptionHandler = false;
        return UsageErrors.IsError(result) ? UsageErrors.Report(result) : result.InvokeAsync().GetAwaiter().GetResult();
    }

    // As any program of Unix that writes to a pipe that nobody reads: quietly, by SIGPIPE, which a shell shows as 141.
    private static int EndByClosedOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            Signals.ExitBySignal(ShutdownSignal.SIGPIPE);
        }

        return ShellCodeOfBrokenPipe;
    }
}
