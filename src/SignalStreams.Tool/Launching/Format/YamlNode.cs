namespace SignalStreams.Tool;

/// <summary>A piece of a YAML document, and where it stands. Lines and columns count from 1.</summary>
internal abstract record YamlNode(long Line, long Column)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }

    internal sealed record Scalar(long Line, long Column, string Text, bool IsPlain) : YamlNode(Line, Column)
    {
        public override string Kind => IsNull ? "nothing" : "a single value";

        /// <summary>Nothing at all, as YAML 1.1 writes it.</summary>
        public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL" && IsPlain;
    }

    internal sealed record Sequence(long Line, long Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column)
    {
        public override string Kind => "a list";
    }

    internal sealed record Mapping(long Line, long Column, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line, Column)
    {
        public override string Kind => "a map";

        public YamlEntry? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Text == key);
    }
}
