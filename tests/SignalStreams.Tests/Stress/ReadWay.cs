namespace SignalStreams.Tests.Stress;

/// <summary>The ways to wait for one signal of a receiver.</summary>
public enum ReadWay
{
    Receive,
    ReceiveDelivery,
    Enumerate,
    EnumerateDeliveries,
}
