using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>Makes descriptors that no other child inherits, and that are none of those which a child is given.</summary>
internal static unsafe class Descriptors
{
    /// <summary>Below are those that a child or a keeper is given; a source that is one of them would be overwritten before it is copied.</summary>
    private const int First = 10;

    private const int CloseOnExec = 0x80000;
    private const int SetDescriptorFlags = 2;
    private const int LocalDomain = 1;
    private const int SequencedPackets = 5;

    /// <summary>Moves a descriptor up where a program that was started without standard input, output or error has been given a low one.</summary>
    public static int MoveUp(int descriptor)
    {
        if (descriptor >= First)
        {
            return descriptor;
        }

        var moved = ChildCalls.SetDescriptor(descriptor, ChildCalls.DuplicateCloseOnExec, First);
        var error = Marshal.GetLastPInvokeError();
        _ = LibC.Close(descriptor);
        return moved >= 0 ? moved : throw Error(error, "a descriptor could not be duplicated");
    }

    /// <summary>Makes a pipe.</summary>
    public static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        int result;
        if (OperatingSystem.IsMacOS())
        {
            // Another thread may start a child between the two calls; this system has no better.
            result = ChildCalls.PlainPipe(ends);
            if (result == 0)
            {
                _ = ChildCalls.SetDescriptor(ends[0], SetDescriptorFlags, 1);
                _ = ChildCalls.SetDescriptor(ends[1], SetDescriptorFlags, 1);
            }
        }
        else
        {
            result = ChildCalls.Pipe(ends, CloseOnExec);
        }

        return result == 0 ? MoveUpBoth(ends) : throw Error(Marshal.GetLastPInvokeError(), "a pipe could not be made");
    }

    /// <summary>Makes a pair of sockets that keep messages apart.</summary>
    public static (int Ours, int Theirs) SocketPair()
    {
        var ends = stackalloc int[2];
        return ChildCalls.SocketPair(LocalDomain, SequencedPackets | CloseOnExec, 0, ends) == 0
            ? MoveUpBoth(ends)
            : throw Error(Marshal.GetLastPInvokeError(), "a socket could not be made");
    }

    public static Win32Exception Error(int error, string what) => new(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}.");

    private static (int First, int Second) MoveUpBoth(int* ends)
    {
        var first = -1;
        try
        {
            first = MoveUp(ends[0]);
            return (first, MoveUp(ends[1]));
        }
        catch
        {
            _ = LibC.Close(first >= 0 ? first : ends[1]);
            throw;
        }
    }
}
