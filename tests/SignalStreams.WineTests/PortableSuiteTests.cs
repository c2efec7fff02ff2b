namespace SignalStreams.WineTests;

/// <summary>What keeps a processor at work, one assembly after the other. The other class runs beside this one.</summary>
public sealed class PortableSuiteTests
{
    [Fact]
    public Task Portable_tests() => WindowsSuite.RunAsync("SignalStreams.Tests", floor: 580);

    // But for those whose limits are the framework's, by a clock that nobody can set, and a second from what must not pass them.
    [Fact]
    public Task Portable_tests_of_the_host() => WindowsSuite.RunAsync("SignalStreams.Hosting.Tests", floor: 105, "--filter-not-class", "*.TimelineLogTests");

    [Fact]
    public Task Windows_tests_of_the_processes_package() => WindowsSuite.RunAsync("SignalStreams.Processes.Tests", floor: 212, "--filter-namespace", "*.Windows*");

    [Fact]
    public Task Windows_tests_of_the_tool() => WindowsSuite.RunAsync("SignalStreams.Tool.Tests", floor: 30, "--filter-namespace", "*.Windows*");
}
