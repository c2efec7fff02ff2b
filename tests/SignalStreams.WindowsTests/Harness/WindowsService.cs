using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32;

namespace SignalStreams.WindowsTests;

/// <summary>A service that the test program is, from its creation to its deletion.</summary>
internal sealed class WindowsService : IDisposable
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"SignalStreamsTest{Environment.ProcessId}x{Interlocked.Increment(ref _count)}");
    private static int _count;

    public WindowsService(string scenario, params string[] arguments)
    {
        WindowsChild.SkipElsewhere();
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is null || IsInstalled || System.IO.File.Exists(Path.Combine(Path.GetDirectoryName(WindowsChild.ProgramPath)!, "hostfxr.dll")),
            "A service does not inherit DOTNET_ROOT, and would not find .NET. Install .NET, or publish the tests with it: dotnet publish -r win-x64 --self-contained.");
        File = Path.Combine(Path.GetTempPath(), $"{_name}.txt");
        System.IO.File.Delete(File);
        System.IO.File.Delete(File + ".go");
        System.IO.File.Delete(File + ".end");

        // One argument, with quotes within: sc has rules of its own.
        var command = $"\"{WindowsChild.ProgramPath}\" {scenario} \"{File}\" {string.Join(' ', arguments)}";
        Run("sc", "create", _name, "binPath=", command);
    }

    // Where the host looks, with a program of 64 bits too, if no variable says where .NET is.
    private static bool IsInstalled
    {
        get
        {
            using var machine = RegistryKey.OpenBaseKey(RegistryHive.LocalMachine, RegistryView.Registry32);
            using var versions = machine.OpenSubKey(@"SOFTWARE\dotnet\Setup\InstalledVersions\x64");
            return versions?.GetValue("InstallLocation") is string;
        }
    }

    /// <summary>Where the service writes what happens to it.</summary>
    public string File { get; }

    public string Output
    {
        get
        {
            try
            {
                using var reader = new StreamReader(new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
                return reader.ReadToEnd();
            }
            catch (FileNotFoundException)
            {
                return "";
            }
        }
    }

    public void Start() => Run("net", "start", _name);

    /// <summary>Asks the manager to stop it, without waiting for that.</summary>
    public void Stop() => Run("sc", "stop", _name);

    /// <summary>What the manager knows of it.</summary>
    public ServiceStatus Query()
    {
        const int InvalidHandle = 6;
        const int Attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return QueryOnce();
            }
            catch (Win32Exception e) when (e.NativeErrorCode == InvalidHandle && attempt < Attempts)
            {
                // Wine forgets all handles that a process has of its service manager now and then, those of several tests at once.
            }
        }
    }

    /// <summary>Lets it go on where it waits to be told so: "go", "end".</summary>
    public void Tell(string what) => System.IO.File.WriteAllText($"{File}.{what}", "");

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > WindowsChild.Limit)
            {
                Assert.Fail($"The service should {what}. It has written:\n{Output}\nand is, by the manager:\n{Query()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
        Tell("end");
        Run("sc", "stop", _name);
        Run("sc", "delete", _name);
    }

    // By the calls and not by sc: it is asked many times a second.
    private ServiceStatus QueryOnce()
    {
        var manager = Native.Checked(Native.OpenServiceManager(null, null, Native.Connect), "OpenSCManager");
        try
        {
            var service = Native.Checked(Native.OpenService(manager, _name, Native.QueryStatus), "OpenService");
            try
            {
                Native.Checked(Native.QueryServiceStatus(service, out var status), "QueryServiceStatus");
                return status;
            }
            finally
            {
                _ = Native.CloseServiceHandle(service);
            }
        }
        finally
        {
            _ = Native.CloseServiceHandle(manager);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(WindowsChild.Limit), $"{program} should end.");

        // A service that was started by it may hold its output.
        return output.Wait(TimeSpan.FromSeconds(5)) ? output.Result : "";
    }
}
