namespace SignalStreams;

/// <summary>What becomes of descendants that outlive a supervised process.</summary>
public enum LeftoverPolicy
{
    /// <summary>They are killed, as systemd does.</summary>
    Kill,

    /// <summary>They go on until the supervision ends: <see cref="SupervisedProcess.DisposeAsync"/>, or the end of this process.</summary>
    Keep,
}
