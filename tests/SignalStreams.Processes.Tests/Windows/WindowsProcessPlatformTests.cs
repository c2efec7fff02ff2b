namespace SignalStreams.Processes.Tests.Windows;

public sealed class WindowsProcessPlatformTests
{
    private readonly FakeWindows _windows = new();

    [Fact]
    public void Nobody_has_an_id_that_is_not_in_use()
    {
        Assert.Null(Platform().Identify(100));
        Assert.Equal(0, _windows.OpenHandles);
    }

    [Fact]
    public void A_process_is_known_by_its_creation_time()
    {
        _windows.Add(100, FakeWindows.Us, 20, "python.exe");
        Assert.Equal(new ProcessIdentity { Id = 100, StartTime = 20 }, Platform().Identify(100));
        Assert.Equal("python.exe", Platform().Identify(100)?.Name);
        Assert.Equal(0, _windows.OpenHandles);
    }

    [Fact]
    public void One_that_ended_and_that_somebody_holds_a_handle_of_is_nobody()
    {
        var ended = _windows.Add(100, FakeWindows.Us, 20);
        using var held = new FakeHandle(ended);
        ended.End(0);
        Assert.Null(Platform().Identify(100));
    }

    [Fact]
    public void One_that_may_not_be_opened_is_somebody()
    {
        _windows.Denied.Add(100);
        Assert.Equal(new ProcessIdentity { Id = 100 }, Platform().Identify(100));
    }

    [Fact]
    public void A_child_has_a_hidden_console_of_its_own_or_is_on_ours()
    {
        Assert.Equal(WindowsChildConsole.Own, Start(ProcessPlace.Session));
        Assert.Equal(WindowsChildConsole.OwnGroup, Start(ProcessPlace.Group));
        Assert.Equal(WindowsChildConsole.Shared, Start(ProcessPlace.Foreground));

        // It writes to our console, or nothing could be sent to another one.
        _windows.HasConsoleError = true;
        Assert.Equal(WindowsChildConsole.OwnGroup, Start(ProcessPlace.Session));
        Assert.Equal(WindowsChildConsole.Own, Start(ProcessPlace.Session, redirect: true));
        _windows.HasConsoleError = false;
        _windows.HasConsoleHelper = false;
        Assert.Equal(WindowsChildConsole.OwnGroup, Start(ProcessPlace.Session));

        _windows.OnOurConsole.Clear();
        Assert.All(Enum.GetValues<ProcessPlace>(), place => Assert.Equal(WindowsChildConsole.Own, Start(place)));
        Assert.Equal("\"C:\\a b.exe\" \"x y\"", _windows.Started?.CommandLine);

        WindowsChildConsole? Start(ProcessPlace place, bool redirect = false)
        {
            _windows.NextChild = new(new FakeHandle(_windows.Add(100, FakeWindows.Us, 20)), new FakeJob(), WindowsChildConsole.Own, null, null, null);
            Platform().Start(new(@"C:\a b.exe", ["x y"], new Dictionary<string, string>(), null, place, redirect, redirect, redirect));
            return _windows.Started?.Console;
        }
    }

    [Fact]
    public void Why_a_signal_cannot_be_brought_is_said()
    {
        _windows.Add(100, FakeWindows.Us, 20);
        _windows.OnOurConsole.Add(100);
        Assert.Contains("SupervisedProcess", Platform().WhyNotDeliverable(new() { Id = 100, StartTime = 20 }, SIGINT, null), StringComparison.Ordinal);
        Assert.Null(Platform().WhyNotDeliverable(new() { Id = 100, StartTime = 20 }, SIGKILL, null));
        Assert.Null(Platform().WhyNotDeliverable(new() { Id = 100, StartTime = 19 }, SIGINT, null));
    }

    private WindowsProcessPlatform Platform() => new(_windows);
}
