using System.Reflection;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

public sealed class ExampleCoverageTests
{
    [Fact]
    public void Every_example_is_named_by_tests_of_its_own()
    {
        Assert.NotEmpty(ExampleFile.Names);
        Assert.Empty(ExampleFile.Names.Except(Tested()));
    }

    [Fact]
    public void Every_example_that_tests_name_exists() => Assert.Empty(Tested().Except(ExampleFile.Names));

    private static IEnumerable<string> Tested() => typeof(ExampleCoverageTests).Assembly.GetTypes()
        .Where(type => type.GetMethods().Any(m => m.GetCustomAttribute<FactAttribute>() is { Skip: null }))
        .SelectMany(type => type.GetCustomAttributes<ExampleAttribute>())
        .Select(attribute => attribute.Name);
}
