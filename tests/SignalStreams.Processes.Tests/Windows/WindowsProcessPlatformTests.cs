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
    public void A_child_is_started_on_our_console_or_on_a_hidden_one_of_its_own()
    {
        Start();
        Assert.False(_windows.Started?.HasOwnConsole);
        _windows.OnOurConsole.Clear();
        Start();
        Assert.True(_windows.Started?.HasOwnConsole);
        Assert.Equal("\"C:\\a b.exe\" \"x y\"", _windows.Started?.CommandLine);

        void Start()
        {
            _windows.NextChild = new(new FakeHandle(_windows.Add(100, FakeWindows.Us, 20)), new FakeJob(), null, null, null);
            Platform().Start(new(@"C:\a b.exe", ["x y"], new Dictionary<string, string>(), null, ProcessPlace.Session, false, false, false));
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
