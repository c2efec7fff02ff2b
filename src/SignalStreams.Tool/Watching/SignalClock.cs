namespace SignalStreams.Tool;

/// <summary>Tells the time of day at which a signal came, from the monotonic time of its delivery.</summary>
internal sealed class SignalClock(TimeProvider time)
{
    private readonly long _timestamp = time.GetTimestamp();
    private readonly DateTimeOffset _now = time.GetLocalNow();

    public DateTimeOffset TimeOf(SignalDelivery delivery) => _now + time.GetElapsedTime(_timestamp, delivery.Timestamp);
}
