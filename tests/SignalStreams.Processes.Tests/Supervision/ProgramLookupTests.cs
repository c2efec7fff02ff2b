namespace SignalStreams.Processes.Tests;

public sealed class ProgramLookupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lookup").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_name_is_looked_up_in_the_path_of_the_child()
    {
        Make("bin/tool", executable: true);
        Assert.Equal($"{_folder}/bin/tool", Find("tool", $"/nowhere:{_folder}/bin:/usr/bin"));
    }

    [Fact]
    public void Without_a_path_the_default_of_execvp_serves() =>
        Assert.EndsWith("bin/sh", ProgramLookup.Find("sh", new Dictionary<string, string>(), null), StringComparison.Ordinal);

    [Fact]
    public void An_empty_entry_of_the_path_is_not_the_current_folder()
    {
        Make("tool", executable: true);
        var error = Assert.Throws<ProcessStartException>(() => Find("tool", ":/nowhere::", _folder));
        Assert.Equal(2, error.NativeErrorCode);
        Assert.Equal("tool", error.FileName);
        Assert.Contains("no program of this name is in the PATH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_may_not_be_executed_does_not_hide_a_later_one()
    {
        Make("a/tool", executable: false);
        Make("b/tool", executable: true);
        Directory.CreateDirectory($"{_folder}/c/tool");
        Assert.Equal($"{_folder}/b/tool", Find("tool", $"{_folder}/c:{_folder}/a:{_folder}/b"));
        var error = Assert.Throws<ProcessStartException>(() => Find("tool", $"{_folder}/c:{_folder}/a"));
        Assert.Equal(13, error.NativeErrorCode);
        Assert.Contains("chmod +x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_path_is_looked_up_from_the_childs_folder()
    {
        Make("bin/tool", executable: true);
        Assert.Equal($"{_folder}/bin/tool", Find("bin/tool", "/usr/bin", _folder));
        Assert.Equal($"{_folder}/./bin/tool", Find("./bin/tool", "/usr/bin", _folder));
        Assert.Equal($"{_folder}/bin/tool", Find("tool", "bin", _folder));
    }

    [Theory]
    [InlineData("none/tool", 2, "there is no file")]
    [InlineData("plain/tool", 20, "there is no file")]
    [InlineData("plain", 13, "may not be executed")]
    [InlineData("bin/", 21, "is a folder")]
    public void What_is_wrong_with_a_path_is_said(string name, int error, string says)
    {
        Make("bin/tool", executable: true);
        Make("plain", executable: false);
        var thrown = Assert.Throws<ProcessStartException>(() => Find($"{_folder}/{name}", "/usr/bin"));
        Assert.Equal(error, thrown.NativeErrorCode);
        Assert.Contains(says, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(_folder, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 2, "does not exist")]
    [InlineData("plain", 20, "is a file")]
    public void What_is_wrong_with_the_working_folder_is_said(string folder, int error, string says)
    {
        Make("plain", executable: false);
        var thrown = Assert.Throws<ProcessStartException>(() => Find("/bin/sh", "/usr/bin", $"{_folder}/{folder}"));
        Assert.Equal(error, thrown.NativeErrorCode);
        Assert.Contains(says, thrown.Message, StringComparison.Ordinal);
    }

    private static string Find(string name, string path, string? folder = null) =>
        ProgramLookup.Find(name, new Dictionary<string, string> { ["PATH"] = path }, folder);

    private void Make(string name, bool executable)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, executable ? UnixFileMode.UserRead | UnixFileMode.UserExecute : UnixFileMode.UserRead);
    }
}
