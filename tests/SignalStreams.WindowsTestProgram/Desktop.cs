using System.Globalization;

namespace SignalStreams.WindowsTestProgram;

/// <summary>A desktop of its own: the end of a session that is announced there reaches nobody on the desktop of the tests.</summary>
internal sealed unsafe class Desktop
{
    private const uint AllAccess = 0x1000_0000;
    private const uint NoWindow = 0x0800_0000;
    private const uint UseHandles = 0x100;
    private const uint StandardInput = unchecked((uint)-10);
    private const uint StandardOutput = unchecked((uint)-11);
    private const uint StandardError = unchecked((uint)-12);
    private const uint Limit = 60_000;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"SignalStreams{Environment.ProcessId}");

    public Desktop()
    {
        var desktop = Native.CreateDesktop(_name, 0, 0, 0, AllAccess, 0);
        Native.Require(desktop == 0 ? 0 : 1, nameof(Native.CreateDesktop));

        // Under Wine the desktop that a process is started on is that of its first thread alone; the others have that of the thread which started it.
        Native.Require(Native.SetThreadDesktop(desktop), nameof(Native.SetThreadDesktop));
    }

    /// <summary>Starts a program there, with the standard handles of this one.</summary>
    /// <returns>Its handle.</returns>
    public nint Start(string commandLine)
    {
        fixed (char* desktop = _name)
        fixed (char* command = (commandLine + '\0').ToCharArray())
        {
            var start = new Native.StartupInfo
            {
                Size = (uint)sizeof(Native.StartupInfo),
                Desktop = desktop,
                Flags = UseHandles,
                Input = Native.GetStdHandle(StandardInput),
                Output = Native.GetStdHandle(StandardOutput),
                Error = Native.GetStdHandle(StandardError),
            };
            Native.ProcessInformation created;
            Native.Require(Native.CreateProcess(0, command, 0, 0, inherit: 1, NoWindow, 0, 0, &start, &created), commandLine);
            return created.Process;
        }
    }

    /// <summary>Waits for the end of a program.</summary>
    /// <returns>Its exit code.</returns>
    public static int End(nint process)
    {
        Native.Require(Native.WaitForSingleObject(process, Limit) == 0 ? 1 : 0, nameof(Native.WaitForSingleObject));
        Native.Require(Native.GetExitCodeProcess(process, out var code), nameof(Native.GetExitCodeProcess));
        return code;
    }
}
