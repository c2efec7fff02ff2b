using System.Runtime.InteropServices;

namespace SignalStreams.Tool;

/// <summary>Sees that nobody reads standard output any more before anything is written to it.</summary>
#pragma warning disable CA1001 // See the field.
internal sealed class ClosedOutputWatch
{
    private const int Interrupted = 4;

    // Never disposed of: the thread may be about to cancel it.
    private readonly CancellationTokenSource _closed = new();

    public ClosedOutputWatch()
    {
        if (!OperatingSystem.IsWindows())
        {
            // poll(2) cannot be interrupted from here; the thread ends with the process.
            new Thread(Watch, maxStackSize: 64 * 1024) { IsBackground = true, Name = "closed output" }.Start();
        }
    }

    public CancellationToken Closed => _closed.Token;

    private unsafe void Watch()
    {
        // POLLERR and POLLHUP come unasked; for a file neither ever does.
        var request = new PollRequest { Descriptor = Terminals.Output, Events = 0 };
        int count;
        do
        {
            count = NativeMethods.Poll(&request, 1, -1);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        if (count > 0)
        {
            _closed.Cancel();
        }
    }
}
