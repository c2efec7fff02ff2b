namespace SignalStreams.Tests.Stress.Model;

/// <summary>A read that was begun.</summary>
internal sealed class ReadModel(Task<SignalDelivery> real, CancellationTokenSource cancellation)
{
    public Task<SignalDelivery> Real { get; } = real;

    public CancellationTokenSource Cancellation { get; } = cancellation;
}
