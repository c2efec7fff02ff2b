using System.Globalization;

namespace SignalStreams.Tool;

/// <summary>Something in a file that cannot be so, where it stands, and what to do about it.</summary>
internal sealed record SchemaError(string File, long Line, long Column, string Message, string Remedy)
{
    /// <summary>"launch.yaml:3:5: error: ... " in the form that editors jump to, and without anything of the file that would move the cursor of a terminal.</summary>
    public override string ToString() => SafeText.Line(string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: error: {Message}. {Remedy.TrimEnd('.')}."));
}
