namespace SignalStreams.Tool;

/// <summary>A key of a map, and its value.</summary>
internal sealed record YamlEntry(YamlNode.Scalar Key, YamlNode Value);
