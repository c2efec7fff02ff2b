using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary>A command whose help teaches: with examples, and with what the options cannot say.</summary>
internal sealed class ToolCommand(string name, string description) : Command(name, description)
{
    /// <summary>What is printed below the options, by headings.</summary>
    public IReadOnlyList<(string Heading, string Text)> Sections { get; init; } = [];
}
