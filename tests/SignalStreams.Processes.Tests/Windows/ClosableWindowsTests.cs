namespace SignalStreams.Processes.Tests.Windows;

public sealed class ClosableWindowsTests
{
    [Fact]
    public void Top_level_windows_without_an_owner_are_closed_and_no_message_window() =>
        Assert.Equal([1], Choose(new(1, "Main", false, false), new(2, "Dialog", false, true), new(3, "Messages", true, false)));

    [Fact]
    public void Message_windows_are_closed_where_there_is_no_other() =>
        Assert.Equal([3], Choose(new(2, "MSCTFIME UI", false, false), new(3, "Messages", true, false), new(4, "OleMainThreadWndClass", true, false)));

    [Theory]
    [InlineData("ConsoleWindowClass")]
    [InlineData("PseudoConsoleWindow")]
    [InlineData("IME")]
    [InlineData("ime")]
    public void Windows_of_the_system_are_left_alone(string windowClass) => Assert.Empty(Choose(new WindowsWindow(1, windowClass, false, false)));

    private static IEnumerable<nint> Choose(params WindowsWindow[] windows) => ClosableWindows.Choose(windows).Select(window => window.Handle);
}
