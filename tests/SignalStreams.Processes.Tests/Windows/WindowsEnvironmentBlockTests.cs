namespace SignalStreams.Processes.Tests.Windows;

public sealed class WindowsEnvironmentBlockTests
{
    [Fact]
    public void Variables_are_sorted_without_regard_to_case_and_ended_by_zeros() =>
        Assert.Equal("=C:=C:\\x\0a=1\0B=2=3\0c=\0\0", Build(new() { ["c"] = "", ["B"] = "2=3", ["a"] = "1", ["=C:"] = @"C:\x" }));

    [Fact]
    public void An_empty_environment_is_two_zeros() => Assert.Equal("\0\0", Build([]));

    [Theory]
    [InlineData("", "x")]
    [InlineData("a=b", "x")]
    [InlineData("a\0", "x")]
    [InlineData("a", "x\0y")]
    public void What_would_become_another_variable_is_refused(string name, string value) =>
        Assert.Throws<ProcessStartException>(() => Build(new() { [name] = value }));

    private static string Build(Dictionary<string, string> environment) => WindowsEnvironmentBlock.Build("a.exe", environment);
}
