namespace SignalStreams.ProcessTests.Native;

/// <summary>Which source serves, and who decides.</summary>
public sealed class ChoiceTests
{
    private const string Variable = "SIGNALSTREAMS_USE_NATIVE_SOURCE";

    [Theory]
    [InlineData("", null, "Native")]
    [InlineData("1", null, "Native")]
    [InlineData("", "true", "Native")]
    [InlineData("1", "false", "Native")]
    [InlineData("true", "false", "Native")]
    [InlineData("0", null, "Portable", Variable)]
    [InlineData("false", null, "Portable", Variable)]
    [InlineData("0", "true", "Portable", Variable)]
    [InlineData("", "false", "Portable", "SignalStreams.UseNativeSource")]
    public async Task Variable_decides_then_the_switch_and_else_the_native_source_serves(string variable, string? @switch, string expected, string why = "")
    {
        Assert.SkipUnless(Backend.IsNative, "There is no choice.");
        var start = ChildStart.Scenario("Choice", @switch is null ? [] : [@switch]) with { Environment = new Dictionary<string, string> { [Variable] = variable } };
        using var child = start.Run();
        Assert.Contains(why, await child.ExpectRestAsync($"{expected}: "), StringComparison.Ordinal);
        await child.AssertEndsAsync(0);
    }
}
