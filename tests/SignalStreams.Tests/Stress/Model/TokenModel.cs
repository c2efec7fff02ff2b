namespace SignalStreams.Tests.Stress.Model;

internal sealed class TokenModel(SignalCancellationTokenSource real)
{
    public SignalCancellationTokenSource Real { get; } = real;

    public List<InterestModel> Interests { get; } = [];

    public ShutdownSignal? Signal { get; set; }
}
