namespace SignalStreams;

/// <summary>What is to be done at a signal that does not stop the host.</summary>
internal sealed record SignalAction(ShutdownSignal Signal, Func<IServiceProvider, CancellationToken, Task> Action);
