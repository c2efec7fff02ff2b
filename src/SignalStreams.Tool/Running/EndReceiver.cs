namespace SignalStreams.Tool;

/// <summary>Whoever hears of the end of this program. On Windows it is never closed: that says that the end has been dealt with, and the system then ends the program before it has given its exit code.</summary>
internal sealed class EndReceiver(UnreadSignals unread, params ShutdownSignal[] signals) : IDisposable
{
    // What nobody refers to is closed by the garbage collector.
    private static SignalReceiver? _kept;

    public SignalReceiver Receiver { get; } = Signals.OpenSignalReceiver(new SignalReceiverOptions { Unread = unread }, signals);

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
        {
            _kept = Receiver;
        }
        else
        {
            Receiver.Dispose();
        }
    }
}
