namespace SignalStreams.WineTests;

/// <summary>The tests of every system: the same assemblies as on this one.</summary>
public sealed class PortableSuiteTests
{
    [Fact]
    public Task Portable_tests() => WindowsSuite.RunAsync("SignalStreams.Tests", floor: 580);

    // But for those whose limits are the framework's, by a clock that nobody can set, and a second from what must not pass them.
    [Fact]
    public Task Portable_tests_of_the_host() => WindowsSuite.RunAsync("SignalStreams.Hosting.Tests", floor: 105, "--filter-not-class", "*.TimelineLogTests");
}
