using System.Collections;

namespace SignalStreams.Processes.Tests;

/// <summary>Starts children as the tests here need them.</summary>
internal static class Starts
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Forces, for the child that is started next in this test, the way with a keeper or the one without.</summary>
    public static void UseKeeper(bool isUsed) => Environment.SetEnvironmentVariable(KeeperImage.Variable, isUsed ? "1" : "0");

    public static Dictionary<string, string> OwnEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    public static ChildStart Of(string program, params string[] arguments) =>
        new(program, arguments, OwnEnvironment(), WorkingDirectory: null, ProcessPlace.Session, RedirectInput: true, RedirectOutput: true, RedirectError: true);

    public static ChildStart Shell(string script) => Of("/bin/sh", "-c", script);

    public static ChildStart Bash(string script) => Of("/bin/bash", "-c", script);

    public static ChildStart Python(string script) => Of("/usr/bin/env", "python3", "-c", script);

    public static IStartedChild Start(ChildStart start, bool withKeeper = true)
    {
        UseKeeper(withKeeper);
        return UnixChildStarter.Start(start);
    }

    /// <summary>With a keeper; skips the test where there is none, or no control group to be had.</summary>
    public static KeptChild StartKept(ChildStart start, bool withControlGroup)
    {
        ControlGroups.IsForbidden = !withControlGroup;
        try
        {
            Assert.SkipWhen(withControlGroup && ControlGroupFolder is null, "no control group can be made here");
            var child = (KeptChild)Start(start);
            Assert.Equal(withControlGroup, child.Containment.HasFlag(ProcessContainment.ControlGroup));
            Assert.True(child.Containment.HasFlag(ProcessContainment.Keeper | ProcessContainment.Group));
            return child;
        }
        finally
        {
            ControlGroups.IsForbidden = false;
        }
    }

    private static string? ControlGroupFolder => ControlGroups.Writable;

    /// <summary>The control groups of this process's children.</summary>
    public static string[] ControlGroupFolders(int? launcher = null) =>
        ControlGroupFolder is { } folder ? Directory.GetDirectories(folder, $"signalstreams-{launcher ?? Environment.ProcessId}-*") : [];

    public static Task<ProcessExitStatus> ExitOf(IStartedChild child) => child.Exit.WaitAsync(Limit);

    public static Task GoneOf(IStartedChild child) => child.Gone.WaitAsync(Limit);

    public static async Task<string> ErrorOf(IStartedChild child)
    {
        using var reader = new StreamReader(child.Error!);
        return await reader.ReadToEndAsync().WaitAsync(Limit);
    }

    /// <summary>All that it writes until it, and whoever has its output, has closed it.</summary>
    public static async Task<byte[]> OutputOf(IStartedChild child)
    {
        using var bytes = new MemoryStream();
        await child.Output!.CopyToAsync(bytes).WaitAsync(Limit);
        return bytes.ToArray();
    }

    public static async Task<string> TextOf(IStartedChild child) => System.Text.Encoding.UTF8.GetString(await OutputOf(child));

    /// <summary>The next line, and nothing after it.</summary>
    public static async Task<string> LineOf(IStartedChild child)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await child.Output!.ReadAsync(one).AsTask().WaitAsync(Limit) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return System.Text.Encoding.UTF8.GetString([.. line]);
    }

    public static bool IsAlive(int pid) => UnixProcesses.Find(pid) is { IsEnded: false };

    /// <summary>Waits for what comes soon and cannot be waited for.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"it did not come to this: {what}");
            await Task.Delay(10);
        }
    }
}
