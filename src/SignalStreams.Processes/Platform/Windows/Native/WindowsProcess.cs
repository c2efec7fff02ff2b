using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SignalStreams;

/// <inheritdoc/>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProcess : IWindowsProcess
{
    private static readonly string ConsoleHostPath = Path.Combine(Environment.SystemDirectory, "conhost.exe");

    private readonly SafeProcessHandle _handle;
    private readonly Lock _gate = new();
    private Task? _exited;
    private RegisteredWaitHandle? _registration;
    private ExitWait? _wait;
    private bool _isDisposed;

    public WindowsProcess(SafeProcessHandle handle, int id)
    {
        _handle = handle;
        var path = PathOf(handle);
        Identity = new ProcessIdentity { Id = id, StartTime = CreationTime(handle), Name = Path.GetFileName(path) };
        IsConsoleHost = string.Equals(path, ConsoleHostPath, StringComparison.OrdinalIgnoreCase);
    }

    public ProcessIdentity Identity { get; }

    public bool IsConsoleHost { get; }

    /// <summary>The handle, for the calls that need it; stays this object's.</summary>
    public SafeProcessHandle Handle => _handle;

    // A process is signalled when it has ended. Its exit code alone does not tell: 259 may be one.
    public bool HasExited
    {
        get
        {
            try
            {
                return Kernel32.WaitForSingleObject(_handle, 0) == 0;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }

    public int? ExitCode
    {
        get
        {
            try
            {
                return HasExited && Kernel32.GetExitCodeProcess(_handle, out var code) ? (int)code : null;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
        }
    }

    public Task Exited
    {
        get
        {
            lock (_gate)
            {
                return _exited ??= _isDisposed ? new TaskCompletionSource().Task : Watch();
            }
        }
    }

    public int Terminate(int exitCode)
    {
        try
        {
            return Kernel32.TerminateProcess(_handle, (uint)exitCode) ? WindowsError.None : Marshal.GetLastPInvokeError();
        }
        catch (ObjectDisposedException)
        {
            return WindowsError.InvalidParameter;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _registration?.Unregister(null);
        _wait?.Dispose();
        _handle.Dispose();
    }

    private static long CreationTime(SafeProcessHandle handle) => Kernel32.GetProcessTimes(handle, out var creation, out _, out _, out _) ? creation : 0;

    private static unsafe string? PathOf(SafeProcessHandle handle)
    {
        const int UsualPath = 512;
        const int MaxPath = 32767;
        var usual = stackalloc char[UsualPath];
        var length = (uint)UsualPath;
        if (Kernel32.QueryFullProcessImageName(handle, 0, usual, ref length))
        {
            return new string(usual, 0, (int)length);
        }

        length = MaxPath;
        fixed (char* longest = new char[MaxPath])
        {
            return Kernel32.QueryFullProcessImageName(handle, 0, longest, ref length) ? new string(longest, 0, (int)length) : null;
        }
    }

    private Task Watch()
    {
        // A handle of its own: the pool may still wait on it for a moment when this object has been disposed.
        if (!Kernel32.DuplicateHandle(
            Kernel32.CurrentProcess, _handle.DangerousGetHandle(), Kernel32.CurrentProcess, out var duplicate, 0, inherit: false, Kernel32.DuplicateSameAccess))
        {
            return Task.FromException(new Win32Exception());
        }

        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _wait = new ExitWait(duplicate);
        _registration = ThreadPool.RegisterWaitForSingleObject(
            _wait, (_, _) => exited.TrySetResult(), state: null, Timeout.Infinite, executeOnlyOnce: true);
        return exited.Task;
    }

    /// <summary>A process as the thread pool waits for it.</summary>
    private sealed class ExitWait : WaitHandle
    {
        public ExitWait(nint process) => SafeWaitHandle = new SafeWaitHandle(process, ownsHandle: true);
    }
}
