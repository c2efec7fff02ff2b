using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Hosting.Tests;

/// <summary>The real systemd, as process 1 of namespaces of its own, with units of the test's. Disposing kills it and all that it has started.</summary>
/// <remarks>It needs root, util-linux and the control groups of version 2. SIGNALSTREAMS_TEST_SYSTEMD_ROOT may name the root of another system, such as one made by debootstrap, whose
/// systemd is taken.</remarks>
internal sealed class RealSystemd : IAsyncDisposable
{
    private const string RootVariable = "SIGNALSTREAMS_TEST_SYSTEMD_ROOT";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The manager changes what belongs to the whole machine, where it is let: limits of the kernel, the name of the host. Here it is not.
    private const string Inside = """
        set -e
        mount --bind /proc/sys /proc/sys
        mount -o remount,bind,ro /proc/sys
        if [ -n "$ROOT" ]; then
            mount --bind "$ROOT" "$ROOT"
            for folder in /proc /sys /dev "$FOLDER" "$PROGRAM" "$RUNTIME"; do
                mkdir -p "$ROOT$folder"
                mount --rbind "$folder" "$ROOT$folder"
            done
        fi
        mount -t tmpfs tmpfs "$ROOT/run"
        mount -t cgroup2 cgroup2 "$ROOT/sys/fs/cgroup"
        export container=signalstreams SYSTEMD_UNIT_PATH="$FOLDER"
        set -- /lib/systemd/systemd --system --unit=test.target --log-target=null --show-status=no
        if [ -n "$ROOT" ]; then
            cd "$ROOT"
            pivot_root . mnt
            umount -l mnt
        fi
        exec "$@"
        """;

    private const string Outside = """
        mkdir "$GROUP" && echo $$ > "$GROUP/cgroup.procs" || exit 1
        exec unshare --pid --fork --mount --mount-proc --cgroup --uts --ipc --net --kill-child=KILL --propagation private sh -c "$INSIDE"
        """;

    private readonly UnitFolder _folder;
    private readonly string _group;
    private readonly Process _unshare;
    private int _init;

    private RealSystemd(UnitFolder folder, string groups)
    {
        _folder = folder;
        _group = Path.Combine(groups, $"ss-systemd-{Guid.NewGuid():N}");
        var start = new ProcessStartInfo("sh", ["-c", Outside]) { RedirectStandardError = true };
        start.Environment["GROUP"] = _group;
        start.Environment["INSIDE"] = Inside;
        start.Environment["FOLDER"] = folder.Path;
        start.Environment["PROGRAM"] = Path.GetDirectoryName(UnitFolder.HostProgram);
        start.Environment["RUNTIME"] = Runtime;
        start.Environment["ROOT"] = Root;
        _unshare = Process.Start(start)!;
    }

    private static string Root { get; } = Environment.GetEnvironmentVariable(RootVariable) ?? "";

    // .../shared/Microsoft.NETCore.App/10.0.x/System.Private.CoreLib.dll
    private static string Runtime { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    /// <summary>Starts one, with a unit "service" of the given settings that runs the scenario Unit; skips the test where that cannot be.</summary>
    /// <param name="folder">Where the units are, and the files that tell the service what to do.</param>
    /// <param name="settings">Lines of the section [Service].</param>
    /// <param name="drainDelay">In seconds.</param>
    /// <param name="version">What systemd must be at least.</param>
    public static async Task<RealSystemd> StartAsync(UnitFolder folder, string settings, string drainDelay = "0", int version = 0)
    {
        var program = $"{UnitFolder.HostProgram} Unit {folder.Path} {drainDelay}";
        foreach (var target in (string[])["test", "sysinit", "basic", "shutdown"])
        {
            folder.Write($"{target}.target", "[Unit]\nDefaultDependencies=no\n");
        }

        folder.Write("service.service", $"""
            [Unit]
            DefaultDependencies=no
            [Service]
            ExecStart={program}
            Environment=DOTNET_ROOT={Runtime}
            StandardOutput=append:{folder["output"]}
            StandardError=append:{folder["output"]}
            {settings.Replace("PROGRAM", program, StringComparison.Ordinal)}
            """);
        var groups = File.Exists("/sys/fs/cgroup/cgroup.procs") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";
        var obstacle = !OperatingSystem.IsLinux() ? "This is not Linux."
            : Environment.UserName != "root" ? "Only root can make the namespaces."
            : !File.Exists($"{Root}/lib/systemd/systemd") ? "There is no systemd on this machine."
            : !File.Exists($"{groups}/cgroup.procs") ? "There are no control groups of version 2."
            : null;
        Assert.SkipUnless(obstacle is null, $"A real systemd is not tested. {obstacle}");
        var systemd = new RealSystemd(folder, groups);
        try
        {
            var problem = await systemd.WaitForInitAsync();
            Assert.SkipUnless(problem is null, $"A real systemd is not tested. It could not be started here: {problem}");
            var found = (await systemd.ControlAsync("--version")).Split(' ')[1];
            Assert.SkipUnless(
                int.Parse(found, CultureInfo.InvariantCulture) >= version,
                $"This needs systemd {version}, and this is {found}. {RootVariable} may name the root of a system that has a later one.");
            return systemd;
        }
        catch
        {
            await systemd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs systemctl and gives what it prints.</summary>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        using var process = BeginControl(arguments);
        return await EndControlAsync(process);
    }

    /// <summary>Starts systemctl.</summary>
    public Process BeginControl(params string[] arguments)
    {
        var start = new ProcessStartInfo("nsenter", ["-t", _init.ToString(CultureInfo.InvariantCulture), "-m", "-p", "-C", "-r", "-w", "systemctl", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Waits for systemctl to end, and gives what it printed.</summary>
    public static async Task<string> EndControlAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Patience);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return output + await error;
    }

    /// <summary>A property of the unit, as "systemctl show" has it.</summary>
    public async Task<string> ShowAsync(string property) => (await ControlAsync("show", "--value", "-p", property, "service")).Trim();

    /// <summary>Waits until a property of the unit has a value.</summary>
    public async Task UntilAsync(string property, string value)
    {
        using var limit = new CancellationTokenSource(Patience);
        string? last = null;
        while ((last = await ShowAsync(property)) != value)
        {
            Assert.False(limit.IsCancellationRequested, $"{property} should be \"{value}\", and is \"{last}\".\n{await ControlAsync("status", "--no-pager", "service")}\n{_folder.Read("output")}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The whole namespace goes with its process 1, and that with unshare.
        _unshare.Kill();
        await _unshare.WaitForExitAsync();
        using var limit = new CancellationTokenSource(Patience);
        while (Directory.Exists(_group) && !TryRemove(_group))
        {
            Assert.False(limit.IsCancellationRequested, $"Something lives on in {_group}.");
            await Task.Delay(10);
        }

        _unshare.Dispose();
    }

    // A control group is empty once the dead are gone; its files are no files.
    private static bool TryRemove(string group)
    {
        try
        {
            foreach (var inner in Directory.GetDirectories(group))
            {
                TryRemove(inner);
            }

            Directory.Delete(group);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<string?> WaitForInitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!limit.IsCancellationRequested)
        {
            if (_unshare.HasExited)
            {
                return await _unshare.StandardError.ReadToEndAsync(limit.Token);
            }

            var children = File.ReadAllText($"/proc/{_unshare.Id}/task/{_unshare.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (children.Length == 1)
            {
                _init = int.Parse(children[0], CultureInfo.InvariantCulture);
                try
                {
                    if ((await ControlAsync("is-active", "test.target")).Trim() == "active")
                    {
                        return null;
                    }
                }
                catch (Win32Exception e)
                {
                    return e.Message;
                }
            }

            await Task.Delay(20);
        }

        return $"It did not answer within {Patience}.";
    }
}
