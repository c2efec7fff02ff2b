namespace SignalStreams.Tool.Tests;

public sealed class EnvironmentFileTests
{
    [Fact]
    public async Task Lines_are_taken_as_they_stand()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "# comment\n\n A=1\nB=\"quoted\" $(no shell) \nC=\nNO_SUCH_VARIABLE_HERE\n", TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal([new("A", "1"), new("B", "\"quoted\" $(no shell) "), new("C", "")], EnvironmentFile.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Wrong_line_is_named()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "A=1\nexport B=2\n", TestContext.Current.CancellationToken);
        try
        {
            Assert.Contains("line 2", Assert.Throws<FormatException>(() => EnvironmentFile.Read(path).ToList()).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
