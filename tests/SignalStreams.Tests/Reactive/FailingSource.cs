namespace SignalStreams.Tests.Reactive;

/// <summary>An operating system that refuses to hand out signals.</summary>
internal sealed class FailingSource(Exception error) : ISignalSource
{
    public SignalBackend Backend { get; } = new(SignalBackendKind.Test, "It fails.");

    public static SignalHub Hub(Exception error) => new(new FailingSource(error), new TestProcessExit(), TimeProvider.System);

    public IReadOnlyList<ShutdownSignal> EventsOf(ShutdownSignal signal) => [signal];

    public ISignalClaim Claim(ShutdownSignal @event, ISignalSink sink) => throw error;

    public void Raise(ShutdownSignal signal)
    {
    }
}
