using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SignalStreams.Tool;

/// <summary>Reads a YAML document into nodes that know where they stand.</summary>
/// <remarks>Built on the events of YamlDotNet's parser and not on its object model, which stops at the first duplicate key, and copies what an alias
/// stands for. Depth and size are bounded, aliases count as what they stand for: a small file cannot become a huge one.</remarks>
internal sealed class YamlTree
{
    private const int Deepest = 50;
    private const long Most = 200_000;

    private readonly SchemaErrors _errors;
    private readonly IParser _parser;
    private readonly Dictionary<string, (YamlNode Node, long Size)> _anchors = new(StringComparer.Ordinal);

    private YamlTree(IParser parser, SchemaErrors errors)
    {
        _parser = parser;
        _errors = errors;
    }

    /// <summary>The root of the only document; null when there is none, or the text is no YAML: the errors say why.</summary>
    public static YamlNode? Read(string text, SchemaErrors errors)
    {
        try
        {
            return new YamlTree(new Parser(new Scanner(new StringReader(text), skipComments: true)), errors).ReadDocument();
        }
        catch (TooMuchException tooMuch)
        {
            errors.Add(tooMuch.At.Line, tooMuch.At.Column, tooMuch.Message, "Write it flatter, or split it over several files");
        }
        catch (YamlException bad)
        {
            errors.Add(bad.Start.Line, bad.Start.Column, $"this is not valid YAML: {bad.Message.TrimEnd('.')}", "Check the indentation, and put text with : # { [ & * in quotes");
        }

        return null;
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = ReadNode(0).Node;
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _errors.Add(second.Start.Line, second.Start.Column, "there is a second document in the file", "Put each launch in a file of its own");
        }

        return root;
    }

    private (YamlNode Node, long Size) ReadNode(int depth)
    {
        var at = (_parser.Current ?? throw new YamlException("the document ends too early")).Start;
        if (depth > Deepest)
        {
            throw new TooMuchException(at, $"the document is nested more than {Deepest} levels deep");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (_anchors.TryGetValue(alias.Value.Value, out var known))
            {
                return known;
            }

            _errors.Add(at.Line, at.Column, $"the alias *{alias.Value.Value} has no anchor before it", $"Write &{alias.Value.Value} at what it is to stand for, above this line");
            return (new YamlNode.Scalar(at.Line, at.Column, $"*{alias.Value.Value}", IsPlain: false), 1);
        }

        var start = (NodeEvent)_parser.Current;
        CheckTag(start);
        var read = start switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadSequence(depth),
            _ => ReadMapping(depth),
        };
        if (read.Size > Most)
        {
            throw new TooMuchException(at, $"the document stands for more than {Most} values");
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = read;
        }

        return read;
    }

    // A tag asks a reader to make something other than text, lists and maps; some readers make any object at all.
    private void CheckTag(NodeEvent start)
    {
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific && start.Tag.Value is not ("tag:yaml.org,2002:str" or "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float"
            or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null" or "tag:yaml.org,2002:seq" or "tag:yaml.org,2002:map"))
        {
            _errors.Add(start.Start.Line, start.Start.Column, $"the tag {start.Tag.Value} is not allowed here", "Remove it: a launch file is text, lists and maps");
        }
    }

    private (YamlNode Node, long Size) ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        var isPlain = scalar.Style == ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific || scalar.Tag.Value != "tag:yaml.org,2002:str");
        return (new YamlNode.Scalar(scalar.Start.Line, scalar.Start.Column, scalar.Value, isPlain), 1);
    }

    private (YamlNode Node, long Size) ReadSequence(int depth)
    {
        var at = _parser.Consume<SequenceStart>().Start;
        List<YamlNode> items = [];
        var size = 1L;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var (item, itemSize) = ReadNode(depth + 1);
            items.Add(item);
            size += itemSize;
        }

        return (new YamlNode.Sequence(at.Line, at.Column, items), size);
    }

    private (YamlNode Node, long Size) ReadMapping(int depth)
    {
        var at = _parser.Consume<MappingStart>().Start;
        List<YamlEntry> entries = [];
        List<YamlEntry> merged = [];
        Dictionary<string, YamlNode> seen = new(StringComparer.Ordinal);
        var size = 1L;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var (key, keySize) = ReadNode(depth + 1);
            var (value, valueSize) = ReadNode(depth + 1);
            size += keySize + valueSize;
            if (key is not YamlNode.Scalar name)
            {
                _errors.Add(key, $"a key cannot be {key.Kind}", "Write a word and a colon");
            }
            else if (name is { IsPlain: true, Text: "<<" })
            {
                Merge(value, merged);
            }
            else if (!seen.TryAdd(name.Text, name))
            {
                _errors.Add(name, $"the key '{name.Text}' stands here for the second time, after line {seen[name.Text].Line}", "Remove one of them");
            }
            else
            {
                entries.Add(new YamlEntry(name, value));
            }
        }

        entries.AddRange(merged.Where(entry => seen.TryAdd(entry.Key.Text, entry.Key)));
        return (new YamlNode.Mapping(at.Line, at.Column, entries), size);
    }

    // YAML 1.1's merge key, which the original's reader knows: what the map itself says goes first.
    private void Merge(YamlNode value, List<YamlEntry> merged)
    {
        foreach (var source in value is YamlNode.Sequence several ? several.Items : [value])
        {
            if (source is YamlNode.Mapping mapping)
            {
                merged.AddRange(mapping.Entries);
            }
            else
            {
                _errors.Add(source, $"<< takes a map, and this is {source.Kind}", "Write <<: *NAME, where &NAME stands at a map");
            }
        }
    }

    // It never leaves this class.
#pragma warning disable CA1032
    private sealed class TooMuchException(Mark at, string message) : Exception(message)
    {
        public Mark At { get; } = at;
    }
#pragma warning restore CA1032
}
