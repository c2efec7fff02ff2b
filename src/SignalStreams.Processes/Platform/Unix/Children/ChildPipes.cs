using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace SignalStreams;

/// <summary>The pipes of a child: its ends until it has been started, and ours as streams.</summary>
/// <remarks>Reads and writes of our ends wait in the runtime's epoll, as those of <see cref="System.Diagnostics.Process"/> do, and take no thread.</remarks>
internal sealed class ChildPipes : IDisposable
{
    private const int SetPipeSize = 1031;
    private const int LargePipe = 1 << 20;

    // What pipes of one user may take in all is limited (pipe(7), pipe-user-pages-soft: 64 MiB), and beyond it each new pipe is tiny.
    private const int LargePipesAtMost = 32;

    private static int LargePipes;

    private readonly List<int> _theirs = [];
    private int _large;

    private ChildPipes()
    {
    }

    /// <summary>What becomes the child's descriptor 0; -1 where it inherits ours.</summary>
    public int ChildInput { get; private set; } = -1;

    /// <summary>What becomes the child's descriptor 1; -1 where it inherits ours.</summary>
    public int ChildOutput { get; private set; } = -1;

    /// <summary>What becomes the child's descriptor 2; -1 where it inherits ours.</summary>
    public int ChildError { get; private set; } = -1;

    public Stream? Input { get; private set; }

    public Stream? Output { get; private set; }

    public Stream? Error { get; private set; }

    public static ChildPipes Open(ChildStart start)
    {
        var pipes = new ChildPipes();
        try
        {
            if (start.RedirectInput)
            {
                var (read, write) = Descriptors.Pipe();
                pipes._theirs.Add(pipes.ChildInput = read);
                pipes.Input = Stream(PipeDirection.Out, write);
            }

            if (start.RedirectOutput)
            {
                (pipes.ChildOutput, pipes.Output) = pipes.OpenOutput();
            }

            if (start.RedirectError)
            {
                (pipes.ChildError, pipes.Error) = pipes.OpenOutput();
            }

            return pipes;
        }
        catch
        {
            pipes.Dispose();
            throw;
        }
    }

    /// <summary>Closes the ends that the child has been given.</summary>
    public void CloseTheirs()
    {
        foreach (var descriptor in _theirs)
        {
            _ = LibC.Close(descriptor);
        }

        _theirs.Clear();
    }

    public void Dispose()
    {
        CloseTheirs();
        Interlocked.Add(ref LargePipes, -Interlocked.Exchange(ref _large, 0));
        try
        {
            Input?.Dispose();
        }
        catch (IOException)
        {
            // Nobody reads it any more.
        }

        Output?.Dispose();
        Error?.Dispose();
    }

    private (int Theirs, Stream Ours) OpenOutput()
    {
        var (read, write) = Descriptors.Pipe();
        _theirs.Add(write);
        if (OperatingSystem.IsLinux())
        {
            if (Interlocked.Increment(ref LargePipes) <= LargePipesAtMost)
            {
                _ = ChildCalls.SetDescriptor(read, SetPipeSize, LargePipe);
                _large++;
            }
            else
            {
                Interlocked.Decrement(ref LargePipes);
            }
        }

        return (write, Stream(PipeDirection.In, read));
    }

    private static AnonymousPipeClientStream Stream(PipeDirection direction, int descriptor)
    {
#pragma warning disable CA2000 // The stream owns it.
        var handle = new SafePipeHandle(descriptor, ownsHandle: true);
#pragma warning restore CA2000
        try
        {
            return new AnonymousPipeClientStream(direction, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
