using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SignalStreams;

/// <summary>A pipe to a child: our end is asynchronous, the child's is not and can be inherited.</summary>
/// <remarks>A named pipe, since the anonymous ones of Windows know no asynchronous reads: fifty silent children would hold fifty threads of the pool.
/// The name cannot be guessed, and only this user may open it, once.</remarks>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsPipe : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private WindowsPipe(NamedPipeServerStream ours, SafeFileHandle childs)
    {
        Ours = ours;
        Childs = childs;
    }

    /// <summary>Our end.</summary>
    public Stream Ours { get; }

    /// <summary>The child's end.</summary>
    public SafeFileHandle Childs { get; }

    /// <param name="direction">From our side: In for the child's output.</param>
    /// <exception cref="Win32Exception">The system refused.</exception>
    public static WindowsPipe Create(PipeDirection direction)
    {
        var name = $"signalstreams-{Guid.NewGuid():N}";
        var ours = new NamedPipeServerStream(
            name, direction, maxNumberOfServerInstances: 1, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | PipeOptions.FirstPipeInstance, BufferSize, BufferSize);
        try
        {
            var security = new Kernel32.SecurityAttributes { Length = (uint)sizeof(Kernel32.SecurityAttributes), IsInherited = 1 };
            var access = direction == PipeDirection.In ? Kernel32.GenericWrite : Kernel32.GenericRead;
            var childs = new SafeFileHandle(
                Kernel32.CreateFile($@"\\.\pipe\{name}", access, 0, &security, Kernel32.OpenExisting, 0, 0), ownsHandle: true);
            if (childs.IsInvalid)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            ours.WaitForConnection();
            return new WindowsPipe(ours, childs);
        }
        catch
        {
            ours.Dispose();
            throw;
        }
    }

    /// <summary>Closes the child's end; ours goes to the caller.</summary>
    public Stream Release()
    {
        Childs.Dispose();
        return Ours;
    }

    public void Dispose()
    {
        Childs.Dispose();
        Ours.Dispose();
    }
}
