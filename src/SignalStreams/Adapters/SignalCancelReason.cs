namespace SignalStreams;

/// <summary>A signal cancelled it.</summary>
/// <param name="Delivery">The signal, with all that is known of it.</param>
public sealed record SignalCancelReason(SignalDelivery Delivery) : CancelReason
{
    /// <summary>The signal.</summary>
    public ShutdownSignal Signal => Delivery.Signal;

    /// <summary>The signal and who sent it.</summary>
    public override string ToString() => Delivery.ToString();
}
