namespace SignalStreams.WineTests;

/// <summary>What starts and stops others.</summary>
public sealed class ProcessSuiteTests
{
    [Fact]
    public Task Windows_tests_of_the_processes_package() => WindowsSuite.RunAsync("SignalStreams.Processes.Tests", floor: 212, "--filter-namespace", "*.Windows*");

    [Fact]
    public Task Windows_tests_of_the_tool() => WindowsSuite.RunAsync("SignalStreams.Tool.Tests", floor: 30, "--filter-namespace", "*.Windows*");
}
