namespace ToolTests;

/// <summary>What the tool wrote, and how it ended.</summary>
internal sealed record ToolEnd(int Code, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
