using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SignalStreams;

// What is made goes to a list that is disposed of, or to the child.
#pragma warning disable CA2000

/// <summary>Starts a child with CreateProcessW: in a job, as the leader of a process group, with the three standard handles and no other.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsChildCreator
{
    /// <exception cref="ProcessStartException">It could not be started; nothing is left of it.</exception>
    public static WindowsChild Create(WindowsChildStart start)
    {
        var handles = new List<IDisposable>();
        try
        {
            var job = Keep(new WindowsJob());
            var input = start.RedirectInput ? Keep(WindowsPipe.Create(PipeDirection.Out)) : null;
            var output = start.RedirectOutput ? Keep(WindowsPipe.Create(PipeDirection.In)) : null;
            var error = start.RedirectError ? Keep(WindowsPipe.Create(PipeDirection.In)) : null;
            Span<nint> standard =
            [
                (input?.Childs ?? Keep(Inherited(Kernel32.StandardInput, start.Console))).DangerousGetHandle(),
                (output?.Childs ?? Keep(Inherited(Kernel32.StandardOutput, start.Console))).DangerousGetHandle(),
                (error?.Childs ?? Keep(Inherited(Kernel32.StandardError, start.Console))).DangerousGetHandle(),
            ];
            var process = Start(start, job, standard);
            var child = new WindowsChild(process, job, start.Console, input?.Ours, output?.Ours, error?.Ours);
            // Ours now; what is left in the list are the child's ends.
            handles.Remove(job);
            foreach (var pipe in new[] { input, output, error })
            {
                if (pipe is not null)
                {
                    handles.Remove(pipe);
                    pipe.Release();
                }
            }

            return child;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception and not ProcessStartException)
        {
            throw new ProcessStartException($"{start.FileName} cannot be started: Windows refused a pipe or a job for it. {e.Message}", e);
        }
        finally
        {
            handles.ForEach(handle => handle.Dispose());
        }

        T Keep<T>(T handle)
            where T : IDisposable
        {
            handles.Add(handle);
            return handle;
        }
    }

    private static WindowsProcess Start(WindowsChildStart start, WindowsJob job, ReadOnlySpan<nint> standard)
    {
        var size = default(nuint);
        _ = Kernel32.InitializeProcThreadAttributeList(null, 2, 0, ref size);
        var attributes = NativeMemory.Alloc(size);
        try
        {
            if (!Kernel32.InitializeProcThreadAttributeList(attributes, 2, 0, ref size))
            {
                throw new Win32Exception();
            }

            try
            {
                return Start(start, job, standard, attributes);
            }
            finally
            {
                Kernel32.DeleteProcThreadAttributeList(attributes);
            }
        }
        finally
        {
            NativeMemory.Free(attributes);
        }
    }

    private static WindowsProcess Start(WindowsChildStart start, WindowsJob job, ReadOnlySpan<nint> standard, void* attributes)
    {
        var jobHandle = job.Handle.DangerousGetHandle();
        fixed (nint* handles = standard)
        {
            if (!Kernel32.UpdateProcThreadAttribute(
                attributes, 0, Kernel32.AttributeHandleList, handles, (nuint)(standard.Length * sizeof(nint)), null, null))
            {
                throw new Win32Exception();
            }

            // In the job from its first moment where the system can do that (Windows 10); a refusal is made good below, before it runs.
            _ = Kernel32.UpdateProcThreadAttribute(attributes, 0, Kernel32.AttributeJobList, &jobHandle, (nuint)sizeof(nint), null, null);
            var info = new Kernel32.StartupInfoEx
            {
                Size = (uint)sizeof(Kernel32.StartupInfoEx),
                Flags = Kernel32.UseStandardHandles,
                Input = standard[0],
                Output = standard[1],
                Error = standard[2],
                Attributes = attributes,
            };
            return Start(start, job, &info);
        }
    }

    private static WindowsProcess Start(WindowsChildStart start, WindowsJob job, Kernel32.StartupInfoEx* info)
    {
        var flags = Kernel32.CreateSuspended | Kernel32.CreateUnicodeEnvironment | Kernel32.ExtendedStartupInfoPresent | start.Console switch
        {
            WindowsChildConsole.Own => Kernel32.CreateNoWindow,
            WindowsChildConsole.OwnGroup => Kernel32.CreateNewProcessGroup,
            _ => 0,
        };
        Kernel32.ProcessInformation created;
        // CreateProcessW writes into the command line.
        fixed (char* commandLine = $"{start.CommandLine}\0".ToCharArray(), environment = start.Environment)
        {
            if (!Kernel32.CreateProcess(
                start.FileName, commandLine, null, null, inheritHandles: true, flags, environment, start.WorkingDirectory, info, &created))
            {
                throw WindowsStartErrors.For(Marshal.GetLastPInvokeError(), start.FileName, start.WorkingDirectory);
            }
        }

        var process = new WindowsProcess(new SafeProcessHandle(created.Process, ownsHandle: true), (int)created.ProcessId);
        try
        {
            if (!job.Contains(process) && !Kernel32.AssignProcessToJobObject(job.Handle, process.Handle))
            {
                throw new Win32Exception();
            }

            if (Kernel32.ResumeThread(created.Thread) == uint.MaxValue)
            {
                throw new Win32Exception();
            }

            return process;
        }
        catch
        {
            // It has not run yet, and nobody guards it.
            _ = process.Terminate(WindowsSender.KilledExitCode);
            process.Dispose();
            throw;
        }
        finally
        {
            _ = Kernel32.CloseHandle(created.Thread);
        }
    }

    // What this process has itself, as a copy that can be inherited; nothing to read or write where it has none, as a window program, or where it is
    // a console that the child is not on.
    private static SafeFileHandle Inherited(int which, WindowsChildConsole console)
    {
        var handle = Kernel32.GetStdHandle(which);
        if (handle is not (0 or -1) && !(console == WindowsChildConsole.Own && Kernel32.IsConsole(handle)) && Kernel32.DuplicateHandle(
            Kernel32.CurrentProcess, handle, Kernel32.CurrentProcess, out var copy, 0, inherit: true, Kernel32.DuplicateSameAccess))
        {
            return new SafeFileHandle(copy, ownsHandle: true);
        }

        const uint ShareReadWrite = 3;
        var security = new Kernel32.SecurityAttributes { Length = (uint)sizeof(Kernel32.SecurityAttributes), IsInherited = 1 };
        var nothing = new SafeFileHandle(
            Kernel32.CreateFile("NUL", Kernel32.GenericRead | Kernel32.GenericWrite, ShareReadWrite, &security, Kernel32.OpenExisting, 0, 0), ownsHandle: true);
        return nothing.IsInvalid ? throw new Win32Exception() : nothing;
    }
}
