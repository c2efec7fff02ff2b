using System.ComponentModel;

namespace SignalStreams.Processes.Tests.Windows;

/// <summary>When the console helper is started once more.</summary>
public sealed class ConsoleHelperTests
{
    [Theory]
    [InlineData(WindowsError.AccessDenied)]
    [InlineData(WindowsError.SharingViolation)]
    [InlineData(WindowsError.InternalError)]
    public void Start_that_is_refused_for_what_soon_passes_is_tried_again(int error)
    {
        var starts = 0;
        Assert.Equal(3, ConsoleHelper.Start(() => ++starts < 3 ? throw new Win32Exception(error) : starts));

        starts = 0;
        Assert.Equal("start 5", Assert.Throws<Win32Exception>(() => ConsoleHelper.Start<int>(() => throw new Win32Exception(error, $"start {++starts}"))).Message);
    }

    [Fact]
    public void Start_that_is_refused_for_good_is_not_tried_again()
    {
        var starts = 0;
        Assert.Equal("start 1", Assert.Throws<Win32Exception>(() => ConsoleHelper.Start<int>(() => throw new Win32Exception(WindowsError.FileNotFound, $"start {++starts}"))).Message);
    }
}
