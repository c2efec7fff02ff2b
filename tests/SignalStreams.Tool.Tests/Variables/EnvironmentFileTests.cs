namespace SignalStreams.Tool.Tests;

public sealed class EnvironmentFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Run_and_launch_read_the_same_lines()
    {
        File.WriteAllText(_path, "# comment\n\n A=1\nexport B=\"two words\" # why\nC='$(no shell)'\nD=\n");

        Assert.Equal([new("A", "1"), new("B", "two words"), new("C", "$(no shell)"), new("D", "")], EnvironmentFile.Read(_path));
    }

    [Fact]
    public void Wrong_line_is_named_and_its_value_is_not_shown()
    {
        File.WriteAllText(_path, "A=1\nMY SECRET=hunter2\nB='hunter2\n");

        var message = Assert.Throws<FormatException>(() => EnvironmentFile.Read(_path)).Message;
        Assert.Contains($"{_path}:2:1: ", message, StringComparison.Ordinal);
        Assert.Contains($"{_path}:3:3: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_without_an_end_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no /dev/zero.");

        Assert.Contains("larger than 4 MiB", Assert.Throws<FormatException>(() => EnvironmentFile.Read("/dev/zero")).Message, StringComparison.Ordinal);
    }
}
