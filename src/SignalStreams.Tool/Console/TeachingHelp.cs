using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SignalStreams.Tool;

/// <summary>The help of System.CommandLine, with sections of ours below, and headings that stand out on a terminal.</summary>
internal sealed class TeachingHelp(HelpAction inner, IReadOnlyList<(string Heading, string Text)> rootSections) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var text = new StringWriter { NewLine = "\n" };
        configuration.Output = text;

        // Words that a command looks at by itself are no "additional arguments" to a reader of its help.
        parseResult.CommandResult.Command.TreatUnmatchedTokensAsErrors = true;
        inner.Invoke(parseResult);
        configuration.Output = output;

        var sections = parseResult.CommandResult.Command switch
        {
            ToolCommand command => command.Sections,
            RootCommand => rootSections,
            _ => [],
        };
        foreach (var (heading, body) in sections)
        {
            text.Write($"{heading}:\n{Indent(body)}\n\n");
        }

        // The usage line has the name of the assembly.
        var root = parseResult.RootCommandResult.Command.Name;
        foreach (var line in text.ToString().Replace(root, "signalstreams", StringComparison.Ordinal).TrimEnd().Split('\n'))
        {
            var isHeading = line.EndsWith(':') && !line.StartsWith(' ');
            output.Write((isHeading ? Style.Bold(line, Output.ColourOut) : line.TrimEnd()) + "\n");
        }

        return ExitCode.Done;
    }

    private static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : $"  {line}"));
}
