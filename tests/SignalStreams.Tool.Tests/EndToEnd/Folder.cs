using System.Globalization;

namespace SignalStreams.Tool.Tests;

/// <summary>A folder of one test, with the launch files and programs in it.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tool").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Opens it to other users.</summary>
    public Folder ForAll()
    {
        File.SetUnixFileMode(Path, (UnixFileMode)0b111_101_101);
        return this;
    }

    public string Write(string name, string text, int mode = 0b110_100_100)
    {
        File.WriteAllText(this[name], text);
        File.SetUnixFileMode(this[name], (UnixFileMode)mode);
        return this[name];
    }

    /// <summary>A launch file of tasks that each run a script of sh.</summary>
    public string Launch(params (string Name, string Script, string More)[] tasks) => Write("launch.yaml", "name: test\ntasks:\n" + string.Concat(tasks.Select(task =>
        $"  - name: {task.Name}\n    program: sh\n    args: [-c, '{task.Script.Replace("'", "''", StringComparison.Ordinal)}']\n{(task.More.Length > 0 ? $"    {task.More}\n" : "")}")));

    /// <summary>Whether a process of this id lives.</summary>
    public static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The number in a file, once it is there in full: with its line feed.</summary>
    public async Task<int> NumberAsync(string name)
    {
        await UntilAsync(() => File.Exists(this[name]) && File.ReadAllText(this[name]).EndsWith('\n'), $"write {name}");
        return int.Parse(File.ReadAllText(this[name]), CultureInfo.InvariantCulture);
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < ChildProcess.Limit, $"Within {ChildProcess.Limit} it should {what}.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public static Task GoneAsync(params int[] processes) => UntilAsync(() => !processes.Any(IsAlive), $"end: {string.Join(", ", processes.Where(IsAlive))}");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
