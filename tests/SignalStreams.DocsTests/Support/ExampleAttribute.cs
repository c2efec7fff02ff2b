namespace SignalStreams.DocsTests.Support;

/// <summary>Names the example that a class of tests runs.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ExampleAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
