namespace SignalStreams.Tests.Shutdown;

public sealed class StopBudgetTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("budget");
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _root.Delete(recursive: true);

    private static void NotOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has a budget of its own, and neither systemd nor a container's.");

    [Fact]
    public void Nothing_known_is_no_limit()
    {
        NotOnWindows();
        Assert.Equal(new StopBudget(null, StopBudgetSource.Unknown), Find());
    }

    [Theory]
    [InlineData("30", 30.0)]
    [InlineData("9.5", 9.5)]
    [InlineData("infinity", null)]
    public void Variable_wins_over_everything(string text, double? seconds)
    {
        _variables["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        _variables[StopBudget.EnvironmentVariable] = text;
        Assert.Equal(new StopBudget(seconds is { } known ? TimeSpan.FromSeconds(known) : null, StopBudgetSource.EnvironmentVariable), Find());
    }

    [Theory]
    [InlineData("ten")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1,5")]
    [InlineData("30s")]
    public void Variable_that_is_no_number_of_seconds_is_an_error_that_shows_it(string text)
    {
        _variables[StopBudget.EnvironmentVariable] = text;
        var error = Assert.Throws<FormatException>(Find);
        Assert.Contains($"\"{text}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(StopBudget.EnvironmentVariable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kubernetes_and_containers_have_defaults()
    {
        NotOnWindows();
        Write(".dockerenv");
        Assert.Equal(new StopBudget(TimeSpan.FromSeconds(10), StopBudgetSource.ContainerDefault), Find());
        _variables["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        Assert.Equal(new StopBudget(TimeSpan.FromSeconds(30), StopBudgetSource.KubernetesDefault), Find());
    }

    [Theory]
    [InlineData("[Service]\nTimeoutStopSec=20", 20.0)]
    [InlineData("[Service]\nTimeoutStopSec = 1min 30s", 90.0)]
    [InlineData("[Service]\nTimeoutSec=2min\nTimeoutStopSec=500ms", 0.5)]
    [InlineData("[Service]\nTimeoutSec=45", 45.0)]
    [InlineData("[Service]\nTimeoutStopSec=infinity", null)]
    [InlineData("[Service]\nTimeoutStopSec=0", null)]
    [InlineData("[Service]\n#TimeoutStopSec=7\n;TimeoutStopSec=8", 90.0)]
    [InlineData("[Service]\nTimeoutStopSec=20\nTimeoutStopSec=", 90.0)]
    [InlineData("[Service]", 90.0)]
    public void Unit_of_systemd_says_how_long_it_waits(string unit, double? seconds)
    {
        NotOnWindows();
        Unit("web.service", unit);
        Assert.Equal(new StopBudget(seconds is { } known ? TimeSpan.FromSeconds(known) : null, StopBudgetSource.Systemd), Find());
    }

    [Fact]
    public void Drop_ins_and_the_administrator_win_over_the_package()
    {
        NotOnWindows();
        Unit("web@1.service", "[Service]\nTimeoutStopSec=20", directory: "usr/lib/systemd/system", file: "web@1.service");
        Write("etc/systemd/system/web@.service.d/10-slow.conf", "[Service]\nTimeoutStopSec=30");
        Assert.Equal(TimeSpan.FromSeconds(30), Find().Time);
        Write("run/systemd/system/web@1.service.d/20-slower.conf", "[Service]\nTimeoutStopSec=40");
        Assert.Equal(TimeSpan.FromSeconds(40), Find().Time);
        Write("etc/systemd/system/web@1.service", "[Service]\nTimeoutStopSec=5");
        Assert.Equal(TimeSpan.FromSeconds(40), Find().Time);
    }

    [Fact]
    public void Instance_has_the_file_of_its_template()
    {
        NotOnWindows();
        Unit("web@1.service", "[Service]\nTimeoutStopSec=25", file: "web@.service");
        Assert.Equal(new StopBudget(TimeSpan.FromSeconds(25), StopBudgetSource.Systemd), Find());
    }

    [Fact]
    public void Manager_s_default_serves_where_the_unit_says_nothing()
    {
        NotOnWindows();
        Unit("web.service", "[Service]\nExecStart=/bin/true");
        Write("etc/systemd/system.conf", "[Manager]\nDefaultTimeoutStopSec=15s");
        Assert.Equal(TimeSpan.FromSeconds(15), Find().Time);
        Write("etc/systemd/system.conf.d/10.conf", "[Manager]\nDefaultTimeoutStopSec=16s");
        Assert.Equal(TimeSpan.FromSeconds(16), Find().Time);
    }

    [Fact]
    public void Unit_that_cannot_be_read_is_unknown()
    {
        NotOnWindows();
        Unit("web.service", "[Service]\nTimeoutStopSec=a while");
        Assert.Equal(StopBudgetSource.Unknown, Find().Source);
        File.Delete(Path.Combine(_root.FullName, "etc/systemd/system/web.service"));
        Assert.Equal(StopBudgetSource.Unknown, Find().Source);
    }

    [Theory]
    [InlineData("4000", 4)]
    [InlineData(7000, 7)]
    [InlineData("soon", 5)]
    [InlineData(null, 5)]
    public void Registry_value_of_Windows_is_in_milliseconds(object? value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WindowsStopTimeout.Parse(value, WindowsStopTimeout.Default));

    [Fact]
    public void Text_says_how_long_and_who_says_so()
    {
        Assert.Equal("9.5 s (EnvironmentVariable)", new StopBudget(TimeSpan.FromSeconds(9.5), StopBudgetSource.EnvironmentVariable).ToString());
        Assert.Equal("no limit known (Unknown)", new StopBudget(null, StopBudgetSource.Unknown).ToString());
    }

    private StopBudget Find() => new StopBudgetProbe(_root.FullName, name => _variables.GetValueOrDefault(name)).Find();

    private void Unit(string unit, string text, string directory = "etc/systemd/system", string? file = null)
    {
        _variables["INVOCATION_ID"] = "0123456789abcdef";
        Write("proc/self/cgroup", $"0::/system.slice/{unit}/inner\n");
        Write($"{directory}/{file ?? unit}", text);
    }

    private void Write(string path, string text = "")
    {
        var file = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
