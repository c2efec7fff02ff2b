namespace SignalStreams.WineTests;

/// <summary>What waits for the time limits of Windows, most of its time.</summary>
public sealed class WindowsSuiteTests
{
    [Fact]
    public Task Events_messages_and_controls_to_real_programs() => WindowsSuite.RunAsync("SignalStreams.WindowsTests", floor: 145);
}
