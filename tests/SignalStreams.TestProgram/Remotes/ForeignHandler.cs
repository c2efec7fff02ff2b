using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>A native signal handler that is neither ours nor the runtime's: foreign.c.</summary>
internal sealed partial class ForeignHandler : IDisposable
{
    private readonly int _signal;

    /// <summary>Puts the handler on top of whatever is there; it prints each signal behind the name.</summary>
    public ForeignHandler(string name, ShutdownSignal signal)
    {
        _signal = signal.GetNumber();
        Check(Install(_signal, $"{name} {signal.GetName()}\n"));
    }

    public void Dispose() => Check(Remove(_signal));

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("foreign", EntryPoint = "foreign_install", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Install(int signal, string line);

    [LibraryImport("foreign", EntryPoint = "foreign_remove", SetLastError = true)]
    private static partial int Remove(int signal);
}
