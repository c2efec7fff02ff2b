// A program that does nothing, twice: Unlinked is built without the library, Linked with it and with a branch that nobody takes.
#if LINKED
if (args is ["listen"])
{
    Listen();
}

static void Listen()
{
    using var receiver = SignalStreams.Signals.OpenSignalReceiver(SignalStreams.ShutdownSignal.SIGTERM);
    Console.WriteLine(receiver.ReceiveAsync().AsTask().GetAwaiter().GetResult());
}
#endif

Console.WriteLine("done");
